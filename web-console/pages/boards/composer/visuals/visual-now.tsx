import { Button, Progress } from '@mantine/core';
import { IconPhotoSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Visual } from '#controller/http/contract/visuals';
import { ask } from '../../../../api/ask.ts';
import { addressOf } from '../../../../api/client.ts';
import { VisualPicker } from './visual-picker.tsx';

/** Which picture or film it is, how far it is prepared, and the button for another. */
export function VisualNow({
  kind,
  id,
  choose,
}: {
  kind: Visual['kind'];
  id: string | undefined;
  choose: (visual: Visual) => void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      {id !== undefined && <Known id={id} />}
      <Button
        variant={id === undefined ? 'filled' : 'default'}
        leftSection={<IconPhotoSearch size={18} />}
        onClick={() => setOpen(true)}
      >
        {t(id === undefined ? `compose.choose.${kind}` : `compose.another.${kind}`)}
      </Button>
      {open && <VisualPicker kind={kind} choose={choose} close={() => setOpen(false)} />}
    </>
  );
}

function Known({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const refusedBecause = (refusal: Visual['refusal']): string => {
    const key = `problem.${refusal?.code}`;
    return i18n.exists(key)
      ? String(i18n.t(key as never, refusal?.params as never))
      : t('compose.visualRefused');
  };
  const { data } = useQuery({
    ...ask('GET /visuals/{id}', { params: { id } }),
    // Until it is told over the live link that it is ready.
    refetchInterval: ({ state }) =>
      state.data !== undefined && ['ready', 'refused', 'cancelled'].includes(state.data.state)
        ? false
        : 2_000,
  });
  if (data === undefined) return null;
  const busy = !['ready', 'refused', 'cancelled'].includes(data.state);
  return (
    <div className="visual-now">
      {data.state === 'ready' ? (
        <img
          src={addressOf('GET /visuals/{id}/thumbnail', { params: { id } })}
          alt={data.alt || data.title}
        />
      ) : (
        <span />
      )}
      <div role="status">
        <strong>{data.title}</strong>
        {busy && (
          <>
            <p className="hint">{t('compose.preparing')}</p>
            <Progress value={data.progress * 100} aria-label={t('compose.preparing')} />
          </>
        )}
        {data.state === 'refused' && <p className="field-error">{refusedBecause(data.refusal)}</p>}
        {data.width !== null && data.height !== null && (
          <p className="hint num">
            {data.width} × {data.height}
          </p>
        )}
      </div>
    </div>
  );
}
