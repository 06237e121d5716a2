import { useTranslation } from 'react-i18next';
import type { RolloutDetail } from '#controller/http/contract/firmware';
import { Shape } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { STEPS, stepSigns } from './signs.ts';
import { StepBar, totalOf } from './step-bar.tsx';

/** Each stage: how many devices, how far they are, and whether it has begun. */
export function Stages({ rollout }: { rollout: RolloutDetail }) {
  const { t } = useTranslation();
  return (
    <Section title={t('firmware.stages')}>
      <ol className="firmware-stages">
        {rollout.stages.map((share, stage) => {
          const counts = countsOf(rollout, stage);
          const total = totalOf(counts);
          return (
            <li key={share} data-begun={stage <= rollout.stage}>
              <span className="firmware-stage-head">
                <strong>{t('firmware.stage', { number: stage + 1 })}</strong>
                <span className="dim num">
                  {total === 0 ? t('firmware.stageEmpty') : t('count.devices', { count: total })}
                  {stage > rollout.stage && total > 0 && ` · ${t('firmware.notBegun')}`}
                </span>
              </span>
              {total > 0 && <StepBar counts={counts} />}
              <span className="firmware-steps num">
                {STEPS.filter((step) => counts[step] > 0 && stage <= rollout.stage).map((step) => (
                  <span key={step} className="mark" data-tone={stepSigns[step].tone}>
                    <Shape {...stepSigns[step]} size={12} />
                    {t(`rolloutStep.${step}`)} {counts[step]}
                  </span>
                ))}
              </span>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

function countsOf(rollout: RolloutDetail, stage: number): RolloutDetail['counts'] {
  const counts = { waiting: 0, offered: 0, downloaded: 0, restarting: 0, committed: 0, failed: 0 };
  for (const device of rollout.devices) if (device.stage === stage) counts[device.step] += 1;
  return counts;
}
