import { IconUsers, IconVolume } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Shape } from '../../parts/mark.tsx';
import { PercentSlider } from '../../parts/percent-slider.tsx';
import { TwoTaps } from '../../parts/two-taps.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';
import { clock } from './clock.ts';
import { Shares } from './shares.tsx';
import { broadcastSigns, steps, totalOf } from './states.ts';
import { useWhere } from './use-where.ts';

/** So long after the start whoever is to sound has said so. */
const SETTLES_MS = 4_000;
/** What a broadcast that nobody gave a volume is taken to have, until somebody does. */
const USUAL_VOLUME = 80;

/** One broadcast that is going on: how far it came, who does not hear it, how loud it is, and its end. */
export function LiveBroadcast({ broadcast }: { broadcast: BroadcastSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const where = useWhere();
  const now = useNow(500);
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('operator');
  const { id, title, state, t0, durationMs, volume, content } = broadcast;
  // Nobody knows how long a person will speak, or a relay be kept; what is set is the longest allowed.
  const endless = content.kind === 'live' || content.kind === 'relay';
  const params = { id };
  const detail = useQuery(ask('GET /broadcasts/{id}', { params }));
  const fresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['GET /broadcasts'] }),
      client.invalidateQueries(ask('GET /broadcasts/{id}', { params })),
    ]);
  const stop = useMutation({
    mutationFn: () => api('POST /broadcasts/{id}/stop', { params }),
    onSuccess: fresh,
    onError: say.failed,
  });
  const louder = useMutation({
    mutationFn: (value: number) => api('POST /broadcasts/{id}/volume', { params, body: { volume: value } }),
    onSuccess: fresh,
    onError: say.failed,
  });
  const all = totalOf(broadcast);
  const reached = steps(broadcast);
  const sounding = state === 'started';
  const elapsed = t0 === null ? 0 : Math.min(durationMs, Math.max(0, now - t0));
  return (
    <article className="live" data-state={state} aria-label={title}>
      <header className="live-head">
        <div>
          <span className="mark" data-tone={broadcastSigns[state].tone}>
            <Shape {...broadcastSigns[state]} size={16} />
            {t(`broadcastState.${state}`)}
          </span>
          <h2>{title}</h2>
          <p className="dim">
            <IconUsers size={16} aria-hidden /> {where(broadcast.targets)} ·{' '}
            {t(`priority.${broadcast.priority}`)}
          </p>
        </div>
        <TwoTaps
          label={t('onAir.stop')}
          sure={t('onAir.stopSure', { count: all })}
          disabled={!may}
          loading={stop.isPending}
          act={() => stop.mutate()}
        />
      </header>
      <div className="live-time num">
        <span>{t0 === null ? t('onAir.gettingReady') : clock(elapsed)}</span>
        {!endless && (
          <>
            <div className="live-progress" aria-hidden="true">
              <div style={{ transform: `scaleX(${durationMs === 0 ? 0 : elapsed / durationMs})` }} />
            </div>
            <span>{clock(durationMs)}</span>
          </>
        )}
      </div>
      <ol className="live-steps">
        {(['asked', 'ready', 'sounding', 'done'] as const).map((step) => (
          <li key={step} data-step={step} data-lit={reached[step] > 0}>
            <strong className="num">
              {format.number(reached[step])}
              <span className="dim">/{format.number(all)}</span>
            </strong>
            <span>{t(`onAir.step.${step}`)}</span>
          </li>
        ))}
      </ol>
      {detail.data !== undefined && (
        <Shares broadcast={detail.data} live={sounding && t0 !== null && now - t0 > SETTLES_MS} />
      )}
      <div className="live-volume">
        <IconVolume size={20} aria-hidden />
        <PercentSlider
          label={t('onAir.volume')}
          value={volume ?? USUAL_VOLUME}
          said={volume === null ? t('onAir.ownVolume') : `${volume} %`}
          disabled={!may}
          set={(value) => louder.mutate(value)}
        />
      </div>
    </article>
  );
}
