import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '#controller/http/contract/plays';
import type { OccurrenceView } from '#controller/http/contract/schedules';
import { Shape, verdictSigns } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';

/** From the worst to the best: an occurrence is shown by the worst that became of it on any device. */
const order: readonly Verdict[] = ['missed', 'partial', 'late', 'unknown', 'preempted', 'pending', 'played'];

function worst(verdicts: OccurrenceView['verdicts']): Verdict | undefined {
  return order.find((verdict) => (verdicts[verdict] ?? 0) > 0);
}

/** One occurrence. The past opens what became of it, the future opens its schedule. */
export function OccurrenceChip({ occurrence, now }: { occurrence: OccurrenceView; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const past = occurrence.startAt <= now;
  const verdict = past ? worst(occurrence.verdicts) : undefined;
  const current = past && now < occurrence.endAt;
  const played = occurrence.verdicts.played ?? 0;
  // One silent speaker of sixty is told by its sign and its number; a fifth of them colour the whole.
  const share =
    verdict === undefined ? 0 : (occurrence.verdicts[verdict] ?? 0) / Math.max(1, occurrence.devices);
  const tone =
    verdict === undefined ? 'accent' : share >= 0.2 || played === 0 ? verdictSigns[verdict].tone : 'good';
  const silent = past ? null : occurrence.withheld;
  const { startAt, endAt, heardUntil } = occurrence;
  const lasts =
    heardUntil === null
      ? format.span(endAt - startAt)
      : t('schedules.boardsUntil', { span: format.span(heardUntil - startAt), time: format.time(endAt) });
  const body = (
    <>
      <span className="chip-time num">
        {format.time(occurrence.startAt)}
        {verdict !== undefined && <Shape {...verdictSigns[verdict]} size={12} />}
        {silent !== null && <Shape shape="ring" tone="quiet" size={12} />}
      </span>
      <span className="chip-title">{occurrence.title}</span>
      <span className="chip-more num">
        {lasts} ·{' '}
        {silent !== null
          ? reason(silent)
          : verdict === undefined
            ? t('count.devices', { count: occurrence.devices })
            : current && verdict === 'pending'
              ? t('schedules.onAir')
              : verdict === 'played'
                ? t('schedules.allPlayed', {
                    played: format.number(played),
                    all: format.number(occurrence.devices),
                  })
                : t('schedules.somePlayed', {
                    played: format.number(played),
                    all: format.number(occurrence.devices),
                    worst: t(`verdict.${verdict}`).toLocaleLowerCase(),
                    count: occurrence.verdicts[verdict] ?? 0,
                  })}
      </span>
    </>
  );
  const props = {
    className: 'occurrence',
    'data-tone': silent === null ? tone : 'quiet',
    'data-current': current,
  };
  return past ? (
    <Link
      {...props}
      to="/log"
      search={{
        from: format.place.dateOf(occurrence.startAt),
        to: format.place.dateOf(occurrence.startAt),
        schedule: occurrence.scheduleId,
      }}
    >
      {body}
    </Link>
  ) : (
    <Link {...props} to="/schedules/$id" params={{ id: occurrence.scheduleId }}>
      {body}
    </Link>
  );
}
