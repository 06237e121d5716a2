import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { beats } from '../../live/link.ts';
import { useWatched } from '../../live/store.ts';
import { useSounding } from '../../live/use-sounding.ts';
import { Shape, type ShapeName, type Tone, VerdictMark } from '../../parts/mark.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';

const WEEK = 7 * 86_400_000;

/** Asked, acknowledged, playing, proven: four different things, and never one light for all. */
export function Ladder({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(15_000);
  const to = Math.ceil(now / 3_600_000) * 3_600_000;
  const plays = useQuery(ask('GET /plays', { query: { device: device.id, from: to - WEEK, to, limit: 20 } }));
  const last = plays.data?.items.find(({ verdict }) => verdict !== 'pending' && verdict !== 'unknown');
  const beat = useWatched(beats, (all) => all.get(device.id));
  const playing = useSounding(device);
  const { desired, held, fetching } = device.plan;
  const settled = device.acknowledgedRevision >= device.desiredRevision;
  const holds = desired !== null && held?.sha256 === desired.sha256;
  const idle = device.kind === 'board' ? 'ladder.dark' : 'ladder.silent';
  return (
    <ol className="ladder" aria-label={t('ladder.title')}>
      <Step
        shape={desired === null ? 'ring' : 'full'}
        tone={desired === null ? 'quiet' : 'good'}
        title={t('ladder.asked')}
      >
        {desired === null ? (
          t('ladder.noPlan')
        ) : (
          <>
            {t('ladder.plan', {
              revision: format.number(desired.revision),
              hash: desired.sha256.slice(0, 8),
            })}
            <small>{t('ladder.issued', { when: format.moment(desired.issuedAt) })}</small>
          </>
        )}
      </Step>
      <Step
        shape={settled && holds ? 'full' : settled || holds ? 'half' : desired === null ? 'ring' : 'half'}
        tone={settled && (holds || desired === null) ? 'good' : 'warn'}
        title={t('ladder.acknowledged')}
      >
        {holds
          ? t('ladder.holds', { when: format.moment(held?.since ?? now) })
          : held === null
            ? t('ladder.holdsNone')
            : t('ladder.holdsOld', { revision: format.number(held.revision) })}
        <small>
          {fetching !== null && fetching.blobs > 0
            ? t('ladder.fetching', { count: fetching.blobs, size: format.bytes(fetching.bytes) })
            : settled
              ? t('ladder.settled', {
                  when: device.acknowledgedAt === null ? '' : format.moment(device.acknowledgedAt),
                })
              : t('ladder.unsettled')}
        </small>
      </Step>
      <Step
        shape={playing === undefined ? (device.status === 'online' ? 'ring' : 'question') : 'full'}
        tone={playing === undefined ? 'quiet' : 'good'}
        title={t('ladder.playing')}
      >
        {playing ?? t(device.status === 'online' ? idle : 'ladder.notKnown')}
        <small>
          {device.lastHeardAt === null
            ? t('ladder.neverHeard')
            : t('ladder.heard', { when: format.moment(beat?.at ?? device.lastHeardAt) })}
        </small>
      </Step>
      <Step
        shape={
          last === undefined
            ? 'ring'
            : last.verdict === 'played'
              ? 'full'
              : last.verdict === 'missed'
                ? 'cross'
                : 'half'
        }
        tone={
          last === undefined
            ? 'quiet'
            : last.verdict === 'played'
              ? 'good'
              : last.verdict === 'missed'
                ? 'bad'
                : 'warn'
        }
        title={t('ladder.proven')}
      >
        {last === undefined ? (
          t('ladder.noProof')
        ) : (
          <>
            {last.title}
            <small className="ladder-proof">
              <VerdictMark verdict={last.verdict} /> {format.moment(last.startAt)}
            </small>
          </>
        )}
      </Step>
    </ol>
  );
}

function Step({
  shape,
  tone,
  title,
  children,
}: {
  shape: ShapeName;
  tone: Tone;
  title: string;
  children: ReactNode;
}) {
  return (
    <li className="step">
      <span className="step-title">
        <Shape shape={shape} tone={tone} size={16} />
        {title}
      </span>
      <span className="step-text">{children}</span>
    </li>
  );
}
