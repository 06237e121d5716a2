import { IconUsers } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { RelayRun } from '#controller/http/contract/relays';
import { api } from '../../../api/client.ts';
import { useMay } from '../../../api/session.ts';
import { LevelMeter } from '../../../parts/level-meter.tsx';
import { Shape } from '../../../parts/mark.tsx';
import { TwoTaps } from '../../../parts/two-taps.tsx';
import { useSay } from '../../../parts/undo.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';
import { useWhere } from '../use-where.ts';
import { hearsSigns } from './signs.ts';
import { Switches } from './switches.tsx';

/** A relay that is going on: what the horns hear now, how loud, for how long still, and what happened so far. */
export function RelayCard({ run }: { run: RelayRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const where = useWhere();
  const now = useNow(1_000);
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('operator');
  const { id, title, hears, listening, asked, endAt, levelDbfs } = run;
  const stop = useMutation({
    mutationFn: () => api('POST /relays/{id}/stop', { params: { id } }),
    onSuccess: () =>
      Promise.all(
        ['GET /relays', 'GET /broadcasts'].map((name) => client.invalidateQueries({ queryKey: [name] })),
      ),
    onError: say.failed,
  });
  const sign = hearsSigns[hears];
  return (
    <article className="live relay-card" data-tone={sign.tone} aria-label={title}>
      <header className="live-head">
        <div>
          <span className="mark" data-tone={sign.tone}>
            <Shape {...sign} size={16} />
            {t(`relay.hears.${hears}`)}
          </span>
          <h2>{title}</h2>
          <p className="dim">
            <IconUsers size={16} aria-hidden /> {where(run.targets)} ·{' '}
            {t(run.scheduleId === null ? 'relay.byHand' : 'relay.bySchedule')}
          </p>
        </div>
        <TwoTaps
          label={t('relay.stop')}
          sure={t('relay.stopSure')}
          disabled={!may}
          loading={stop.isPending}
          act={() => stop.mutate()}
        />
      </header>
      <LevelMeter dbfs={levelDbfs} />
      <dl className="call-figures num">
        <div data-tone={listening < asked ? 'warn' : 'good'}>
          <dt>{t('mic.listening')}</dt>
          <dd>{t('mic.listeningOf', { some: format.number(listening), all: format.number(asked) })}</dd>
        </div>
        <div>
          <dt>{t('relay.until', { time: format.time(endAt) })}</dt>
          <dd>{t('relay.left', { span: format.span(roughly(endAt - now)) })}</dd>
        </div>
      </dl>
      <Switches switches={run.switches} />
    </article>
  );
}

/** To the minute, until it is the last one. */
const roughly = (ms: number): number =>
  ms > 60_000 ? Math.ceil(ms / 60_000) * 60_000 : Math.max(0, Math.ceil(ms / 1_000) * 1_000);
