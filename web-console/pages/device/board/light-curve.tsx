import { useTranslation } from 'react-i18next';
import { brightnessAt } from '#devices/board/brightness';
import type { LightPoint } from './draft.ts';

const WIDTH = 500;
const HEIGHT = 88;
/** From a moonless street to full sun, in powers of ten. */
const LEAST = 0;
const MOST = 5;

/** How bright the board is by the light around it; the rows beside it say the same in figures. @param lux now. */
export function LightCurve({ points, lux }: { points: readonly LightPoint[]; lux: number | null }) {
  const { t } = useTranslation();
  const sorted = points.toSorted((one, other) => one.lux - other.lux);
  const across = (light: number) => ((Math.log10(Math.max(1, light)) - LEAST) / (MOST - LEAST)) * WIDTH;
  const height = (percent: number) => HEIGHT - 1 - (percent / 100) * (HEIGHT - 2);
  const rule = { by: 'sensor', points: sorted, hysteresis: 0 } as const;
  const line = Array.from({ length: 51 }, (_, index) => {
    const light = 10 ** (LEAST + (index / 50) * (MOST - LEAST));
    return `${across(light)} ${height(brightnessAt(rule, 0, 0, light).brightness)}`;
  }).join(' L');
  return (
    <div className="brightness-day" role="img" aria-label={t('boards.brightness.curve')}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 ${HEIGHT} L${line} V${HEIGHT} Z`} className="volume-area" />
        <path d={`M${line}`} className="volume-line" />
        {lux !== null && <line x1={across(lux)} x2={across(lux)} y1="0" y2={HEIGHT} className="volume-now" />}
      </svg>
      <div className="volume-hours num dim" aria-hidden="true">
        {['1', '10', '100', '1.000', '10.000', '100.000 lux'].map((light) => (
          <span key={light}>{light}</span>
        ))}
      </div>
    </div>
  );
}
