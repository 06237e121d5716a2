import { useTranslation } from 'react-i18next';
import { useFormat } from '../words/format.ts';

const FLOOR = -60;

/** The level of the decoded signal as devices report it, from −60 dB to full scale. */
export function LevelMeter({ dbfs }: { dbfs: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ratio = dbfs === null ? 0 : Math.min(1, Math.max(0, 1 - dbfs / FLOOR));
  const words = dbfs === null ? t('level.none') : t('level.value', { value: format.number(dbfs, 0) });
  return (
    <div className="meter">
      <meter
        className="visually-hidden"
        aria-label={t('level.label')}
        min={FLOOR}
        max={0}
        value={dbfs ?? FLOOR}
      >
        {words}
      </meter>
      <div className="meter-track" aria-hidden="true">
        <div className="meter-fill" style={{ transform: `scaleX(${ratio})` }} />
      </div>
      <span className="meter-words num">{words}</span>
    </div>
  );
}
