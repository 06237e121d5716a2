import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#controller/http/contract/overview';
import { Shape, type ShapeName, statusSigns, type Tone, verdictSigns } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';

const verdicts = ['played', 'late', 'partial', 'preempted', 'missed', 'unknown', 'pending'] as const;
const statuses = ['online', 'stale', 'offline', 'fault', 'unseen'] as const;

/** Today's figures; each opens the rows behind it. */
export function TodayFigures({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = format.place.dateOf(overview.at);
  return (
    <Section title={t('overview.today')} aside={<span className="dim num">{format.date(overview.at)}</span>}>
      <div className="figures">
        {verdicts.map((verdict) => (
          <Link key={verdict} to="/log" search={{ from: today, verdict }} className="figure">
            <Figure
              count={overview.today[verdict]}
              sign={verdictSigns[verdict]}
              word={t(`verdict.${verdict}`)}
            />
          </Link>
        ))}
      </div>
    </Section>
  );
}

/** How many devices are in which state; each opens the list of them. */
export function DeviceFigures({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  return (
    <Section title={t('nav.devices')}>
      <div className="figures">
        {statuses.map((status) => (
          <Link key={status} to="/devices" search={{ status }} className="figure">
            <Figure
              count={overview.devices[status]}
              sign={statusSigns[status]}
              word={t(`status.${status}`)}
            />
          </Link>
        ))}
      </div>
    </Section>
  );
}

/** A zero is quiet whatever it counts. */
function Figure({
  count,
  sign,
  word,
}: {
  count: number;
  sign: { shape: ShapeName; tone: Tone };
  word: string;
}) {
  const format = useFormat();
  const tone = count > 0 ? sign.tone : 'quiet';
  return (
    <>
      <span className="figure-number num">{format.number(count)}</span>
      <span className="mark" data-tone={tone}>
        <Shape shape={sign.shape} tone={tone} />
        {word}
      </span>
    </>
  );
}
