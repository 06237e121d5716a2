import { ActionIcon, Button } from '@mantine/core';
import { IconPencil, IconTrash, IconVolume } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredMessage } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { Shape } from '../../parts/mark.tsx';
import { useRemoval } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import '../library/library.css';

const Listen = lazy(async () => ({ default: (await import('../library/listen.tsx')).Listen }));

/** One stored message: what it says, how it sounds, and on how many devices it lies. */
export function MessageRow({
  message,
  edit,
  may,
}: {
  message: StoredMessage;
  edit: () => void;
  may: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const remove = useRemoval();
  const [listening, setListening] = useState(false);
  const { id, title, heading, text, language, assetId, ready, heldBy, devices, durationMs, updatedAt } =
    message;
  const whole = heldBy >= devices;
  return (
    <li className="stored-row">
      <div className="stored-head">
        <h2>{title}</h2>
        <div className="stored-actions">
          <Button
            variant="default"
            leftSection={<IconVolume size={18} />}
            disabled={!ready}
            aria-expanded={listening}
            onClick={() => setListening(!listening)}
          >
            {t('stored.listen')}
          </Button>
          <ActionIcon
            size={44}
            variant="subtle"
            disabled={!may}
            onClick={edit}
            aria-label={t('stored.edit', { title })}
          >
            <IconPencil size={20} />
          </ActionIcon>
          <ActionIcon
            size={44}
            variant="subtle"
            color="gray"
            disabled={!may}
            aria-label={t('stored.remove', { title })}
            onClick={() =>
              remove({
                said: t('stored.removed', { title }),
                remove: () => api('DELETE /stored-messages/{id}', { params: { id } }),
                // The sound is kept in the library: the message is stored again as it was.
                restore: () =>
                  api('POST /stored-messages', { body: { title, heading, text, language, assetId } }),
              })
            }
          >
            <IconTrash size={20} />
          </ActionIcon>
        </div>
      </div>
      {heading !== null && <p className="stored-heading">{heading}</p>}
      <p className="stored-text">{text}</p>
      <p className="alarm-card-held num">
        <Shape shape={whole ? 'full' : 'half'} tone={whole ? 'good' : 'warn'} />
        {ready
          ? t('stored.heldBy', { held: format.number(heldBy), all: format.number(devices) })
          : t('stored.making')}
        {durationMs !== null && ` · ${format.span(durationMs)}`}
        <span className="dim"> · {t('stored.updated', { when: format.moment(updatedAt) })}</span>
      </p>
      {listening && (
        <Suspense>
          <Sound id={assetId} />
        </Suspense>
      )}
    </li>
  );
}

function Sound({ id }: { id: string }) {
  const asset = useQuery(ask('GET /assets/{id}', { params: { id } })).data;
  return asset === undefined ? null : <Listen asset={asset} />;
}
