import { useTranslation } from 'react-i18next';
import { type BrightnessRule, brightnessAt } from '#devices/board/brightness';
import { sunTimes } from '#devices/board/sun';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';
import { type Draft, minuteOf } from './draft.ts';

const MINUTES = 1_440;
const STEP = 5;
const HEIGHT = 88;
const HOURS = ['00:00', '06:00', '12:00', '18:00', '24:00'];

/** How bright the board is over today by its rule, with sunrise and sunset, and dark where it is off on purpose. */
export function BrightnessDay({
  rule,
  fixed,
  off,
}: {
  rule: BrightnessRule | undefined;
  fixed: number;
  off: Draft['off'];
}) {
  const { t } = useTranslation();
  const { place, time, number } = useFormat();
  const now = useNow(60_000);
  const midnight = place.instant(place.dateOf(now));
  const height = (percent: number) => HEIGHT - 1 - (percent / 100) * (HEIGHT - 2);
  const at = (minute: number) => brightnessAt(rule, fixed, midnight + minute * 60_000).brightness;
  const minutes = Array.from({ length: MINUTES / STEP }, (_, index) => index * STEP);
  const line = minutes.map((minute) => `${minute} ${height(at(minute))} H${minute + STEP}`).join(' L');
  const levels = minutes.map(at);
  const sun = rule?.by === 'sun' ? sunTimes(midnight + 12 * 3_600_000, rule.latitude, rule.longitude) : null;
  const marks = [sun?.rise ?? null, sun?.set ?? null].map((moment) =>
    moment === null ? null : { moment, minute: place.minuteOf(moment) },
  );
  const label = t('boards.brightness.chart', {
    least: number(Math.min(...levels)),
    most: number(Math.max(...levels)),
    now: number(brightnessAt(rule, fixed, now).brightness),
  });
  return (
    <div className="brightness-day" role="img" aria-label={label}>
      <div className="brightness-plot">
        <svg viewBox={`0 0 ${MINUTES} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={`M0 ${HEIGHT} L${line} V${HEIGHT} Z`} className="volume-area" />
          <path d={`M${line}`} className="volume-line" />
          {stretches(off).map(([from, until]) => (
            <rect
              key={`${from} ${until}`}
              x={from}
              width={until - from}
              y="0"
              height={HEIGHT}
              className="brightness-off"
            />
          ))}
          {marks.map(
            (mark) =>
              mark !== null && (
                <line
                  key={mark.minute}
                  x1={mark.minute}
                  x2={mark.minute}
                  y1="0"
                  y2={HEIGHT}
                  className="brightness-sun"
                />
              ),
          )}
          <line x1={place.minuteOf(now)} x2={place.minuteOf(now)} y1="0" y2={HEIGHT} className="volume-now" />
        </svg>
        {marks.map(
          (mark, index) =>
            mark !== null && (
              <span
                key={mark.minute}
                className="brightness-word num"
                style={{ left: `${(mark.minute / MINUTES) * 100}%` }}
              >
                {t(index === 0 ? 'boards.brightness.sunrise' : 'boards.brightness.sunset', {
                  time: time(mark.moment),
                })}
              </span>
            ),
        )}
      </div>
      <div className="volume-hours num dim" aria-hidden="true">
        {HOURS.map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
    </div>
  );
}

/** A stretch over midnight is drawn as two. */
const stretches = (off: Draft['off']): [number, number][] =>
  off
    .filter(({ from, until }) => from !== '' && until !== '' && from !== until)
    .flatMap(({ from, until }): [number, number][] => {
      const [begin, end] = [minuteOf(from), minuteOf(until)];
      return begin < end
        ? [[begin, end]]
        : [
            [begin, MINUTES],
            [0, end],
          ];
    });
