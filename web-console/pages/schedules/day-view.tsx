import { useTranslation } from 'react-i18next';
import type { OccurrenceView } from '#controller/http/contract/schedules';
import { Empty } from '../../parts/empty.tsx';
import { useFormat } from '../../words/format.ts';
import { OccurrenceChip } from './occurrence-chip.tsx';

export function DayView({
  days,
  date,
  today,
  byDay,
  now,
  go,
}: {
  days: readonly string[];
  date: string;
  today: string;
  byDay: ReadonlyMap<string, OccurrenceView[]>;
  now: number;
  go: (date: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { place } = format;
  const shown = byDay.get(date) ?? [];
  return (
    <>
      <fieldset className="plain-group days" aria-label={t('schedules.days')}>
        {days.map((day) => (
          <button
            key={day}
            type="button"
            className="day"
            aria-pressed={day === date}
            aria-label={format.fullDay(place.instant(day))}
            data-today={day === today}
            onClick={() => go(day)}
          >
            <span>{t(`weekdayShort.${place.weekdayOf(day) as 1}`)}</span>
            <strong className="num">{Number(day.slice(8))}</strong>
            <span className="day-dot" data-any={(byDay.get(day)?.length ?? 0) > 0} />
          </button>
        ))}
      </fieldset>
      <h2 className="day-heading">{format.fullDay(place.instant(date))}</h2>
      {shown.length === 0 ? (
        <Empty text={t('schedules.emptyDay')} />
      ) : (
        <ol className="day-list">
          {shown.map((occurrence) => (
            <li key={occurrence.id}>
              <OccurrenceChip occurrence={occurrence} now={now} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
