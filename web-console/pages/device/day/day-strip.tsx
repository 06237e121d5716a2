import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../words/format.ts';
import type { Day, Line } from './use-day.ts';

const HOUR = 3_600_000;
/** A strip of the whole day hides what lies close together: it begins and ends where something does. */
const SHORTEST_HOURS = 4;

/** The hours in which something is, with an hour's rest at both ends. */
function hoursOf({ from, to, lines }: Day): { first: number; last: number } {
  const ends = lines.flatMap(({ item, segments }) => [
    item.startAt,
    item.endAt,
    ...segments.map(({ endAt }) => endAt),
    ...item.heard.map((stretch) => stretch.to),
  ]);
  const first = Math.max(from, from + Math.floor((Math.min(...ends) - from) / HOUR) * HOUR);
  const last = Math.min(to, from + Math.ceil((Math.max(...ends) - from) / HOUR) * HOUR);
  const missing = SHORTEST_HOURS * HOUR - (last - first);
  if (missing <= 0) return { first, last };
  const start = Math.max(from, first - Math.ceil(missing / HOUR / 2) * HOUR);
  return { first: start, last: Math.min(to, Math.max(last, start + SHORTEST_HOURS * HOUR)) };
}

/** The day at a glance in two lanes. It is a picture: the list below says the same in words. */
export function DayStrip({
  day,
  now,
  opened,
  open,
}: {
  day: Day;
  now: number;
  opened: string | null;
  open: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { first, last } = hoursOf(day);
  const place = (at: number) => ((Math.min(last, Math.max(first, at)) - first) / (last - first)) * 100;
  const hours = Math.round((last - first) / HOUR);
  const step = hours <= 6 ? 1 : hours <= 12 ? 2 : 4;
  const block = (line: Line, from: number, to: number, tone: string, key: string) => (
    <button
      key={`${line.item.id} ${key}`}
      type="button"
      tabIndex={-1}
      className="strip-block"
      data-tone={tone}
      data-opened={opened === line.item.id}
      title={line.item.title}
      style={{ left: `${place(from)}%`, width: `${place(to) - place(from)}%` }}
      onClick={() => open(line.item.id)}
    />
  );
  const lanes = [
    {
      name: 'foretold',
      blocks: day.lines.flatMap((line) => [
        ...(line.fate.kind === 'never'
          ? [block(line, line.item.startAt, line.item.endAt, 'never', 'never')]
          : []),
        ...line.segments.map(({ startAt, endAt }) =>
          block(
            line,
            startAt,
            endAt,
            line.item.priority === 'emergency' ? 'emergency' : 'plan',
            String(startAt),
          ),
        ),
      ]),
    },
    {
      name: 'actual',
      blocks: day.lines.flatMap((line) => [
        ...(line.item.play?.verdict === 'missed'
          ? [block(line, line.item.startAt, line.item.endAt, 'missed', 'missed')]
          : []),
        ...line.item.heard.map(({ from, to, silent }) =>
          block(line, from, to, silent === null ? 'heard' : 'missed', String(from)),
        ),
      ]),
    },
  ] as const;
  return (
    <div className="strip" aria-hidden="true">
      {lanes.map(({ name, blocks }) => (
        <div key={name} className="strip-lane">
          <span className="strip-name">{t(`day.lane.${name}`)}</span>
          <div className="strip-track">
            {blocks}
            {now > first && now < last && <span className="strip-now" style={{ left: `${place(now)}%` }} />}
          </div>
        </div>
      ))}
      <div className="strip-hours num">
        {Array.from({ length: Math.floor(hours / step) + 1 }, (_, index) => {
          const at = first + index * step * HOUR;
          return (
            <span key={at} style={{ left: `${place(at)}%` }}>
              {format.time(at)}
            </span>
          );
        })}
      </div>
    </div>
  );
}
