import { useTranslation } from 'react-i18next';
import type { Rollout } from '#controller/http/contract/firmware';
import { Shape } from '../../parts/mark.tsx';
import { useReason } from '../../words/use-reason.ts';
import { rolloutSigns } from './signs.ts';

export function RolloutMark({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const reason = useReason();
  const sign = rolloutSigns[rollout.state];
  return (
    <span className="mark firmware-mark" data-tone={sign.tone}>
      <Shape {...sign} />
      <span>
        {t(`rolloutState.${rollout.state}`)}
        {rollout.reason !== null && `: ${reason(rollout.reason)}`}
      </span>
    </span>
  );
}
