import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Bulletin } from '#controller/http/contract/bulletins';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { BulletinActions } from './bulletin-actions.tsx';
import { LevelBadge } from './level-badge.tsx';
import { bulletinSigns } from './signs.ts';

/** One bulletin, with what became of it step by step. */
export function BulletinDrawer({ id, close }: { id: string | null; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      size="lg"
      title={t('bulletins.one')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {id !== null && <Detail id={id} />}
    </Drawer>
  );
}

function Detail({ id }: { id: string }) {
  const bulletin = useQuery(ask('GET /bulletins/{id}', { params: { id } }));
  return (
    <Answered of={bulletin} rows={5}>
      {(data) => <Shown bulletin={data} />}
    </Answered>
  );
}

function Shown({ bulletin }: { bulletin: Bulletin }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { title, text, level, sender, externalId, revision, receivedAt, wantedAt, expiresAt, history } =
    bulletin;
  return (
    <div className="inbox-detail">
      <h2>{title}</h2>
      <LevelBadge level={level} />
      {text !== null && <p className="inbox-text">{text}</p>}
      <dl className="facts num">
        <dt>{t('bulletins.sender')}</dt>
        <dd>{sender}</dd>
        <dt>{t('bulletins.externalId')}</dt>
        <dd className="mono">
          {externalId} · {t('bulletins.revision', { number: revision })}
        </dd>
        <dt>{t('bulletins.received')}</dt>
        <dd>{format.moment(receivedAt)}</dd>
        {wantedAt !== null && (
          <>
            <dt>{t('bulletins.wantedAt')}</dt>
            <dd>{format.moment(wantedAt)}</dd>
          </>
        )}
        {expiresAt !== null && (
          <>
            <dt>{t('bulletins.expiresAt')}</dt>
            <dd>{format.moment(expiresAt)}</dd>
          </>
        )}
      </dl>
      <div className="inbox-actions">
        <BulletinActions bulletin={bulletin} />
      </div>
      <h3>{t('bulletins.history')}</h3>
      <ol className="inbox-history">
        {history.map(({ at, state, by, reason: why }) => (
          <li key={`${at} ${state}`}>
            <Shape {...bulletinSigns[state]} />
            <span>
              <strong>{t(`bulletinState.${state}`)}</strong>
              <span className="dim num">
                {' '}
                {format.second(at)} {format.date(at)}
                {by !== null && ` · ${by}`}
              </span>
              {why !== null && <span className="inbox-why">{reason(why)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
