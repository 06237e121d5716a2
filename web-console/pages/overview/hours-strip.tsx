import type { Overview } from '#controller/http/contract/overview';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';

const HOUR = 3_600_000;
const SPAN = 6 * HOUR;
/** The least width that can be seen, in percent of the strip. */
const LEAST = 0.8;

/** The next six hours as a strip. The list below it says the same in words, so screen readers skip it. */
export function HoursStrip({ overview }: { overview: Overview }) {
  const format = useFormat();
  const now = useNow(30_000);
  const share = (at: number) => ((at - now) / SPAN) * 100;
  const first = Math.ceil(now / HOUR) * HOUR;
  const hours = Array.from({ length: 6 }, (_, index) => first + index * HOUR).filter((at) => at < now + SPAN);
  const blocks = [
    ...overview.onAir.map(({ occurrence, startAt, endAt }) => ({ occurrence, startAt, endAt, live: true })),
    ...overview.next.map(({ occurrence, startAt, endAt }) => ({ occurrence, startAt, endAt, live: false })),
  ].filter(({ startAt, endAt }) => endAt > now && startAt < now + SPAN);
  return (
    <div className="hours" aria-hidden="true">
      <div className="hours-track">
        {hours.map((at) => (
          <span key={at} className="hours-tick" style={{ left: `${share(at)}%` }} />
        ))}
        {blocks.map(({ occurrence, startAt, endAt, live }) => {
          const left = Math.max(0, share(startAt));
          const width = Math.max(LEAST, Math.min(100, share(endAt)) - left);
          return (
            <span
              key={occurrence}
              className="hours-block"
              data-live={live}
              style={{ left: `${left}%`, width: `${width}%` }}
            />
          );
        })}
      </div>
      <div className="hours-words num">
        {hours.map((at) => (
          <span key={at} style={{ left: `${share(at)}%` }}>
            {format.time(at)}
          </span>
        ))}
      </div>
    </div>
  );
}
