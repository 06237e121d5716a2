import { useTranslation } from 'react-i18next';
import type { TimedVolume } from '#controller/http/contract/devices';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';

const MINUTES = 1_440;
const HEIGHT = 64;
const minuteOf = ({ from }: TimedVolume) => Number(from.slice(0, 2)) * 60 + Number(from.slice(3));

/** The volume over a day, as stairs; the rows beside it say the same in figures. @param steps by time. */
export function VolumeDay({ steps }: { steps: readonly TimedVolume[] }) {
  const { t } = useTranslation();
  const { place } = useFormat();
  const now = place.minuteOf(useNow(60_000));
  const last = steps.at(-1);
  if (last === undefined) return null;
  // The last step holds over midnight.
  const stairs = [{ minute: 0, volume: last.volume }].concat(
    steps.map((step) => ({ minute: minuteOf(step), volume: step.volume })),
  );
  const height = (volume: number) => HEIGHT - 1 - (volume / 100) * (HEIGHT - 2);
  const top = stairs
    .map(({ minute, volume }, index) => {
      const until = stairs[index + 1]?.minute ?? MINUTES;
      return `L${minute} ${height(volume)} L${until} ${height(volume)}`;
    })
    .join(' ');
  return (
    <div className="volume-day" role="img" aria-label={t('settings.stairs')}>
      <svg viewBox={`0 0 ${MINUTES} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 ${HEIGHT} ${top} L${MINUTES} ${HEIGHT} Z`} className="volume-area" />
        <path d={`M${top.slice(1)}`} className="volume-line" />
        <line x1={now} x2={now} y1="0" y2={HEIGHT} className="volume-now" />
      </svg>
      <div className="volume-hours num dim" aria-hidden="true">
        {['00:00', '06:00', '12:00', '18:00', '24:00'].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
    </div>
  );
}
