import { useTranslation } from 'react-i18next';
import type { DayItem } from '#controller/http/contract/device-day';
import { useFormat } from '../../../words/format.ts';
import type { Day, Line } from './use-day.ts';

/** Whom it met. */
function othersOf({ item, met }: Line): DayItem[] {
  const others = new Map<string, DayItem>();
  for (const { winner, loser } of met) {
    const other = winner.id === item.id ? loser : winner;
    others.set(other.id, other);
  }
  return [...others.values()].sort((one, two) => one.startAt - two.startAt);
}

/**
 * Those who met, each in a lane: the outline is when it was due, filled is when it is heard. A picture of what the
 * sentences say.
 */
export function Meeting({ line, day }: { line: Line; day: Day }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { item } = line;
  const rows = [item, ...othersOf(line)].sort((one, other) => one.startAt - other.startAt);
  const bars = rows.map((row) => day.heard.get(row.id) ?? []);
  const first = Math.min(...rows.map(({ startAt }) => startAt));
  const last = Math.max(...rows.map(({ endAt }) => endAt), ...bars.flat().map(({ endAt }) => endAt));
  const at = (moment: number) => `${((moment - first) / (last - first)) * 100}%`;
  const wide = (from: number, to: number) => `${((to - from) / (last - first)) * 100}%`;
  return (
    <div className="meeting" aria-hidden="true">
      {rows.map((row, index) => (
        <div key={row.id} className="meeting-row" data-own={row.id === item.id}>
          <span className="meeting-name">
            {row.title} <span className="dim">{t(`priority.${row.priority}`)}</span>
          </span>
          <div className="meeting-track">
            <span
              className="meeting-due"
              style={{ left: at(row.startAt), width: wide(row.startAt, row.endAt) }}
            />
            {bars[index]?.map(({ startAt, endAt }) => (
              <span
                key={startAt}
                className="meeting-bar"
                style={{ left: at(startAt), width: wide(startAt, endAt) }}
              />
            ))}
          </div>
        </div>
      ))}
      <div className="meeting-hours num dim">
        <span>{format.second(first)}</span>
        <span>{format.second(last)}</span>
      </div>
    </div>
  );
}
