import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Shape, statusSigns, verdictSigns } from '../../parts/mark.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import './guide.css';

const topics = [
  'first',
  'upload',
  'schedule',
  'overlap',
  'onAir',
  'live',
  'text',
  'relay',
  'emergency',
  'inbox',
  'quiet',
  'why',
  'proof',
  'offline',
  'pair',
  'board',
  'boardStates',
  'boardLed',
  'boardLcd',
  'boardCard',
  'boardLight',
  'boardFallback',
] as const;
const verdicts = ['played', 'late', 'partial', 'preempted', 'missed', 'unknown', 'pending'] as const;
const statuses = ['playing', 'online', 'stale', 'offline', 'fault', 'unseen'] as const;

/** The short guide: what to do, and what the signs mean. */
export function Guide() {
  const { t } = useTranslation();
  return (
    <article className="guide">
      <PageHead title={t('nav.guide')} />
      {topics.map((topic) => (
        <section key={topic} id={topic}>
          <Title order={2}>{t(`guide.${topic}.title`)}</Title>
          <p>{t(`guide.${topic}.text`)}</p>
        </section>
      ))}
      <section>
        <Title order={2}>{t('guide.verdicts')}</Title>
        <dl className="legend">
          {verdicts.map((verdict) => (
            <div key={verdict}>
              <dt className="mark" data-tone={verdictSigns[verdict].tone}>
                <Shape {...verdictSigns[verdict]} />
                {t(`verdict.${verdict}`)}
              </dt>
              <dd>{t(`verdictMeans.${verdict}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <Title order={2}>{t('guide.statuses')}</Title>
        <dl className="legend">
          {statuses.map((status) => (
            <div key={status}>
              <dt className="mark" data-tone={statusSigns[status].tone}>
                <Shape {...statusSigns[status]} />
                {t(`status.${status}`)}
              </dt>
              <dd>{t(`statusMeans.${status}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </article>
  );
}
