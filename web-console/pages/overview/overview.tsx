import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { DeviceFigures, TodayFigures } from './figures.tsx';
import { HoursStrip } from './hours-strip.tsx';
import { OnAir } from './on-air.tsx';
import './overview.css';
import { Problems } from './problems.tsx';
import { Upcoming } from './upcoming.tsx';

/** What is on air, what comes next, what is wrong. */
export function Overview() {
  const { t } = useTranslation();
  // What is on air ends by the clock as well as by a message.
  const overview = useQuery({ ...ask('GET /overview'), refetchInterval: 30_000 });
  return (
    <>
      <PageHead title={t('nav.overview')} />
      <Answered of={overview} rows={5} height={88}>
        {(data) => (
          <div className="overview">
            <OnAir overview={data} />
            <div className="overview-columns">
              <div className="overview-column">
                <Section title={t('overview.problems')}>
                  <Problems problems={data.problems} />
                </Section>
                <TodayFigures overview={data} />
              </div>
              <div className="overview-column">
                <Section title={t('overview.next')}>
                  <HoursStrip overview={data} />
                  <Upcoming next={data.next} />
                </Section>
                <DeviceFigures overview={data} />
              </div>
            </div>
          </div>
        )}
      </Answered>
    </>
  );
}
