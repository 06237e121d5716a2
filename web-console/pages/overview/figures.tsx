import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#controller/http/contract/overview';
import { Shape, statusSigns, verdictSigns } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';

const verdicts = ['played', 'late', 'partial', 'preempted', 'missed', 'unknown', 'pending'] as const;
const statuses = ['online', 'stale', 'offline', 'fault', 'unseen'] as const;

/** Today's figures; each opens the rows behind it. */
export function Figures({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = format.place.dateOf(overview.at);
  return (
    <div className="overview-columns">
      <Section
        title={t('overview.today')}
        aside={<span className="dim num">{format.date(overview.at)}</span>}
      >
        <div className="figures">
          {verdicts.map((verdict) => (
            <Link key={verdict} to="/log" search={{ from: today, verdict }} className="figure">
              <span className="figure-number num">{format.number(overview.today[verdict])}</span>
              <span
                className="mark"
                data-tone={overview.today[verdict] > 0 ? verdictSigns[verdict].tone : 'quiet'}
              >
                <Shape {...verdictSigns[verdict]} />
                {t(`verdict.${verdict}`)}
              </span>
            </Link>
          ))}
        </div>
      </Section>
      <Section title={t('nav.devices')}>
        <div className="figures">
          {statuses.map((status) => (
            <Link key={status} to="/devices" search={{ status }} className="figure">
              <span className="figure-number num">{format.number(overview.devices[status])}</span>
              <span
                className="mark"
                data-tone={overview.devices[status] > 0 ? statusSigns[status].tone : 'quiet'}
              >
                <Shape {...statusSigns[status]} />
                {t(`status.${status}`)}
              </span>
            </Link>
          ))}
        </div>
      </Section>
    </div>
  );
}
