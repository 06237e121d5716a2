import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BroadcastDetail } from '#controller/http/contract/broadcasts';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { Shares } from './shares.tsx';
import { broadcastSigns, isLive, steps, totalOf } from './states.ts';
import { useWhere } from './use-where.ts';

/** One broadcast with how far each device came. */
export function BroadcastDrawer({ id, close }: { id: string | null; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      size="lg"
      title={t('onAir.broadcast')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {id !== null && <Detail id={id} />}
    </Drawer>
  );
}

function Detail({ id }: { id: string }) {
  const broadcast = useQuery(ask('GET /broadcasts/{id}', { params: { id } }));
  return (
    <Answered of={broadcast} rows={6}>
      {(data) => <Shown broadcast={data} />}
    </Answered>
  );
}

function Shown({ broadcast }: { broadcast: BroadcastDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const where = useWhere();
  const { title, state, t0, createdAt, endedAt, volume } = broadcast;
  const heard = steps(broadcast);
  return (
    <div className="broadcast-detail">
      <h2>{title}</h2>
      <p>
        <span className="mark" data-tone={broadcastSigns[state].tone}>
          <Shape {...broadcastSigns[state]} />
          {t(`broadcastState.${state}`)}
        </span>
        {broadcast.reason !== null && <span className="dim"> · {reason(broadcast.reason)}</span>}
      </p>
      <dl className="facts num">
        <dt>{t('onAir.where')}</dt>
        <dd>{where(broadcast.targets)}</dd>
        <dt>{t('onAir.heard')}</dt>
        <dd>
          {t('onAir.heardOn', {
            heard: format.number(heard.sounding + heard.done),
            all: format.number(totalOf(broadcast)),
          })}
        </dd>
        <dt>{t('onAir.asked')}</dt>
        <dd>
          {format.second(createdAt)} {format.date(createdAt)}
          {broadcast.createdBy !== null && ` · ${broadcast.createdBy}`}
        </dd>
        <dt>{t('onAir.startedAt')}</dt>
        <dd>{t0 === null ? t('log.neverBegan') : format.instant(t0)}</dd>
        {endedAt !== null && (
          <>
            <dt>{t('onAir.endedAt')}</dt>
            <dd>{format.second(endedAt)}</dd>
          </>
        )}
        <dt>{t('schedules.priority')}</dt>
        <dd>{t(`priority.${broadcast.priority}`)}</dd>
        <dt>{t('onAir.volume')}</dt>
        <dd>{volume === null ? t('onAir.ownVolume') : `${volume} %`}</dd>
      </dl>
      {t0 !== null && (
        <Link
          to="/log"
          search={{
            search: title,
            from: format.place.dateOf(t0),
            to: format.place.dateOf(t0),
          }}
        >
          {t('onAir.openLog')}
        </Link>
      )}
      <Shares broadcast={broadcast} live={!isLive(broadcast) || state === 'started'} />
    </div>
  );
}
