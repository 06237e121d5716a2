import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useFormat } from '../../words/format.ts';
import './firmware.css';
import { RolloutActions } from './rollout-actions.tsx';
import { RolloutDevices } from './rollout-devices.tsx';
import { RolloutMark } from './rollout-mark.tsx';
import { Stages } from './stages.tsx';

const route = getRouteApi('/devices/firmware/$id');

/** One rollout: stage by stage, and device by device. */
export function RolloutPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { id } = route.useParams();
  const rollout = useQuery(ask('GET /rollouts/{id}', { params: { id } }));
  return (
    <>
      <Anchor className="firmware-back" renderRoot={(props) => <Link to="/devices/firmware" {...props} />}>
        <IconArrowLeft size={18} aria-hidden /> {t('firmware.title')}
      </Anchor>
      <Answered of={rollout} rows={4} height={120}>
        {(data) => (
          <>
            <PageHead
              title={
                <>
                  {data.image.model} → <span className="num">{data.image.version}</span>
                </>
              }
              note={
                <span className="firmware-head-note" aria-live="polite">
                  <RolloutMark rollout={data} />
                  <span className="num">{t('firmware.begun', { when: format.moment(data.startedAt) })}</span>
                  <span className="num">{t('firmware.limitIs', { percent: data.failureLimitPercent })}</span>
                </span>
              }
            >
              <RolloutActions rollout={data} />
            </PageHead>
            {data.state === 'halted' && <p className="firmware-help">{t('firmware.haltedHelp')}</p>}
            <Stages rollout={data} />
            <RolloutDevices rollout={data} />
          </>
        )}
      </Answered>
    </>
  );
}
