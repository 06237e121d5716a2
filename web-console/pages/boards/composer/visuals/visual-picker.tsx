import { Drawer, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Visual } from '#controller/http/contract/visuals';
import { ask } from '../../../../api/ask.ts';
import { addressOf } from '../../../../api/client.ts';
import { Answered } from '../../../../parts/answer.tsx';
import { Empty } from '../../../../parts/empty.tsx';
import { useLater } from '../../../../parts/use-later.ts';
import { UploadButtons } from './upload-buttons.tsx';

/** The library of pictures or films, to choose one of; a new one is chosen as soon as it is sent. */
export function VisualPicker({
  kind,
  choose,
  close,
}: {
  kind: Visual['kind'];
  choose: (visual: Visual) => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const wanted = useLater(search.trim(), 250);
  const visuals = useQuery(
    ask('GET /visuals', { query: { kind, ...(wanted === '' ? {} : { search: wanted }) } }),
  );
  const take = (visual: Visual) => {
    choose(visual);
    close();
  };
  return (
    <Drawer
      opened
      onClose={close}
      size="lg"
      title={t(`compose.choose.${kind}`)}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="picker">
        <UploadButtons kind={kind} done={take} />
        <TextInput
          aria-label={t('compose.searchVisuals')}
          placeholder={t('compose.searchVisuals')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Answered of={visuals} rows={3} height={120}>
          {(all) => {
            const usable = all.filter(({ state }) => !['refused', 'cancelled'].includes(state));
            if (usable.length === 0) return <Empty text={t(`compose.noVisuals.${kind}`)} />;
            return (
              <ul className="visual-cards">
                {usable.map((visual) => (
                  <li key={visual.id}>
                    <button type="button" className="visual-card" onClick={() => take(visual)}>
                      {visual.state === 'ready' ? (
                        <img
                          src={addressOf('GET /visuals/{id}/thumbnail', { params: { id: visual.id } })}
                          alt=""
                          loading="lazy"
                        />
                      ) : (
                        <span className="dim">{t('compose.preparing')}</span>
                      )}
                      {visual.title}
                    </button>
                  </li>
                ))}
              </ul>
            );
          }}
        </Answered>
      </div>
    </Drawer>
  );
}
