import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { PlayDetail } from '#controller/http/contract/plays';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { VerdictMark } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { RecordView } from './record-view.tsx';

/** What the controller names instead of a plan when no plan told the device. */
const BY_BROADCAST = 'broadcast';

/** One line of the log with everything that the device said about it. `at` is `{occurrence} {device}`. */
export function PlayDrawer({ at, close }: { at: string | null; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={at !== null}
      onClose={close}
      size="lg"
      title={t('log.record')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {at !== null && <Detail at={at} />}
    </Drawer>
  );
}

function Detail({ at }: { at: string }) {
  const [occurrence = '', device = ''] = at.split(' ');
  const play = useQuery(ask('GET /plays/{occurrence}/{device}', { params: { occurrence, device } }));
  return (
    <Answered of={play} rows={6}>
      {(data) => <Shown play={data} />}
    </Answered>
  );
}

function Shown({ play }: { play: PlayDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  return (
    <div className="play-detail">
      <div>
        <h2>{play.title}</h2>
        <p className="play-verdict-line" aria-live="polite">
          <VerdictMark verdict={play.verdict} />
          {play.reason !== null && <span>{reason(play.reason)}</span>}
        </p>
        <p className="dim">{t(`verdictMeans.${play.verdict}`)}</p>
      </div>
      <dl className="facts num">
        <dt>{t('log.device')}</dt>
        <dd>
          <Link to="/devices/$id" params={{ id: play.deviceId }}>
            {play.deviceName}
          </Link>
          {play.areaName !== null && ` · ${play.areaName}`}
        </dd>
        <dt>{t('log.due')}</dt>
        <dd>
          {format.second(play.startAt)} – {format.second(play.endAt)} {format.fullDay(play.startAt)}
        </dd>
        <dt>{t('log.firstSample')}</dt>
        <dd>
          {play.firstSampleAt === null ? (
            t('log.neverBegan')
          ) : (
            <>
              <strong>{format.instant(play.firstSampleAt)}</strong>
              {play.latenessMs !== null &&
                ` (${play.latenessMs < 0 ? '−' : '+'}${format.span(play.latenessMs)})`}
            </>
          )}
        </dd>
        <dt>{t('log.played')}</dt>
        <dd>
          {t('log.share', { played: format.span(play.playedMs), due: format.span(play.dueMs) })}
          {play.dueMs > 0 && ` (${format.number((play.playedMs / play.dueMs) * 100, 1)} %)`}
        </dd>
        {play.planSha256 === BY_BROADCAST ? (
          <>
            <dt>{t('onAir.broadcast')}</dt>
            <dd>
              <Link to="/on-air" search={{ at: play.scheduleId }}>
                {t('day.openBroadcast')}
              </Link>
            </dd>
          </>
        ) : (
          <>
            <dt>{t('log.schedule')}</dt>
            <dd>
              <Link to="/schedules/$id" params={{ id: play.scheduleId }}>
                {t('log.openSchedule')}
              </Link>
            </dd>
            <dt>{t('log.plan')}</dt>
            <dd className="mono">{play.planSha256}</dd>
          </>
        )}
      </dl>
      <h3>{t('log.records', { count: play.records.length })}</h3>
      {play.records.length === 0 && <p className="hint">{t('log.noRecords')}</p>}
      {play.records.map((record) => (
        <RecordView
          key={`${record.boot} ${record.seq}`}
          record={record}
          kept={play.parts.some(({ sha256 }) => sha256 === record.sha256)}
        />
      ))}
    </div>
  );
}
