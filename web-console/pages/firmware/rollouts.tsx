import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Rollout } from '#controller/http/contract/firmware';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { RolloutMark } from './rollout-mark.tsx';
import { StepBar, totalOf } from './step-bar.tsx';

/** Rollouts, the newest first. */
export function Rollouts() {
  const { t } = useTranslation();
  const rollouts = useQuery(ask('GET /rollouts'));
  return (
    <Section title={t('firmware.rollouts')} plain>
      <Answered of={rollouts} rows={2} height={104}>
        {(data) =>
          data.length === 0 ? (
            <Empty text={t('firmware.noRollouts')} />
          ) : (
            <ul className="cards" aria-label={t('firmware.rollouts')}>
              {data.map((rollout) => (
                <li key={rollout.id}>
                  <RolloutCard rollout={rollout} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

function RolloutCard({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { image, counts, stage, stages } = rollout;
  return (
    <Link to="/devices/firmware/$id" params={{ id: rollout.id }} className="card firmware-card">
      <span className="firmware-card-head">
        <span className="card-title">
          {image.model} → <span className="num">{image.version}</span>
        </span>
        <RolloutMark rollout={rollout} />
      </span>
      <StepBar counts={counts} />
      <span className="dim num card-facts">
        <span>{t('firmware.doneOf', { done: counts.committed, all: totalOf(counts) })}</span>
        {counts.failed > 0 && (
          <span className="firmware-bad">{t('firmware.failed', { count: counts.failed })}</span>
        )}
        {rollout.state === 'running' && (
          <span>{t('firmware.stageOf', { stage: stage + 1, stages: stages.length })}</span>
        )}
        <span>{t('firmware.begun', { when: format.moment(rollout.startedAt) })}</span>
      </span>
    </Link>
  );
}
