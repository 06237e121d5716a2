import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { OccurrenceView } from '#controller/http/contract/schedules';
import { Empty } from '../../parts/empty.tsx';
import { useFormat } from '../../words/format.ts';
import { OccurrenceChip } from './occurrence-chip.tsx';

/**
 * Rows are hours in which something starts; the empty stretches between them are folded. A programme of five minutes
 * keeps its whole name and its minute, which a scale of pixels per hour would take from it.
 */
export function WeekView({
  days,
  today,
  byDay,
  now,
}: {
  days: readonly string[];
  today: string;
  byDay: ReadonlyMap<string, OccurrenceView[]>;
  now: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { place } = format;
  const hourOf = ({ startAt }: OccurrenceView) => Math.floor(place.minuteOf(startAt) / 60);
  const hours = [...new Set([...byDay.values()].flat().map(hourOf))].toSorted((one, other) => one - other);
  const nowHour = Math.floor(place.minuteOf(now) / 60);
  return (
    <div className="week-box">
      <table className="week">
        <caption className="visually-hidden">{t('schedules.weekCaption')}</caption>
        <thead>
          <tr>
            <td />
            {days.map((day) => {
              const [weekday, rest] = splitDay(format.day(place.instant(day)));
              return (
                <th key={day} scope="col" data-today={day === today}>
                  <span>{weekday}</span> <span className="num">{rest}</span>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {hours.map((hour, index) => {
            const before = hours[index - 1];
            return (
              <Fragment key={hour}>
                {before !== undefined && hour - before > 1 && (
                  <tr className="week-fold">
                    <td colSpan={8}>
                      <span className="num">
                        {pad(before + 1)}:00 – {pad(hour)}:00
                      </span>
                    </td>
                  </tr>
                )}
                <tr>
                  <th scope="row" className="num" data-now={days.includes(today) && hour === nowHour}>
                    {pad(hour)}:00
                  </th>
                  {days.map((day) => (
                    <td key={day} data-today={day === today}>
                      {byDay
                        .get(day)
                        ?.filter((occurrence) => hourOf(occurrence) === hour)
                        .map((occurrence) => (
                          <OccurrenceChip key={occurrence.id} occurrence={occurrence} now={now} />
                        ))}
                    </td>
                  ))}
                </tr>
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {hours.length === 0 && <Empty text={t('schedules.emptyWeek')} />}
    </div>
  );
}

const pad = (hour: number): string => String(hour).padStart(2, '0');
/** The words of the weekday apart from the date at the end. */
const splitDay = (text: string): [string, string] => {
  const at = text.lastIndexOf(' ');
  return [text.slice(0, at), text.slice(at + 1)];
};
