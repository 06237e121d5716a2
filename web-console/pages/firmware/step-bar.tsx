import { useTranslation } from 'react-i18next';
import type { Rollout } from '#controller/http/contract/firmware';
import { STEPS, stepSigns } from './signs.ts';

type Counts = Rollout['counts'];

export const totalOf = (counts: Counts): number => STEPS.reduce((sum, step) => sum + counts[step], 0);

/** How far the devices are: what is done from the left, what failed from the right, what is under way between. */
export function StepBar({ counts }: { counts: Counts }) {
  const { t } = useTranslation();
  const total = totalOf(counts);
  const order = ['committed', 'restarting', 'downloaded', 'offered', 'waiting', 'failed'] as const;
  const shown = order.filter((step) => counts[step] > 0);
  const words = shown.map((step) => `${t(`rolloutStep.${step}`)}: ${counts[step]}`).join(', ');
  return (
    <span className="firmware-bar" role="img" aria-label={words === '' ? t('firmware.stageEmpty') : words}>
      {shown.map((step) => (
        <span
          key={step}
          data-step={step}
          data-tone={stepSigns[step].tone}
          style={{ flexGrow: counts[step] / Math.max(1, total) }}
        />
      ))}
    </span>
  );
}
