import { IconChevronRight, IconCircleCheck } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#controller/http/contract/overview';
import { Shape, type ShapeName, type Tone } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';

type ProblemLine = Overview['problems'][number];

const signs: Record<ProblemLine['severity'], { shape: ShapeName; tone: Tone }> = {
  serious: { shape: 'cross', tone: 'bad' },
  warning: { shape: 'triangle', tone: 'warn' },
  notice: { shape: 'ring', tone: 'quiet' },
};

/** Where something can be done about it. */
function placeFor(problem: ProblemLine, date: string): LinkProps {
  switch (problem.code) {
    case 'plays-missed':
    case 'plays-unknown':
      return {
        to: '/log',
        search: {
          verdict: problem.code === 'plays-missed' ? 'missed' : 'unknown',
          from: date,
          ...(problem.scheduleId === null ? {} : { schedule: problem.scheduleId }),
          ...(problem.deviceId === null ? {} : { device: problem.deviceId }),
        },
      };
    case 'pairing-waiting':
      return { to: '/devices' };
    case 'asset-refused':
      return { to: '/library', search: { tab: 'sounds' } };
    case 'device-offline':
    case 'device-stale':
    case 'device-fault':
    case 'board-differs':
    case 'board-frozen':
    case 'board-unpowered':
    case 'board-dead-pixels':
    case 'plan-not-held':
    case 'records-lost':
    case 'refusals':
      return problem.deviceId === null
        ? { to: '/devices' }
        : { to: '/devices/$id', params: { id: problem.deviceId } };
  }
}

/** What is wrong, dearest first, each with what to try and the way there. */
export function Problems({ problems }: { problems: Overview['problems'] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  /** What fills the sentence comes with the problem; amounts choose its form, codes become words. */
  const sentence = ({ code, params }: ProblemLine) => {
    const filled: Record<string, string | number> = { ...params };
    const count = params.plays ?? params.records ?? params.pixels;
    if (count !== undefined) filled.count = count;
    for (const name of ['fault', 'reason'])
      if (typeof filled[name] === 'string') filled[name] = reason(filled[name]);
    return String(i18n.t(`overview.problem.${code}`, filled as never));
  };
  if (problems.length === 0)
    return (
      <div className="all-well">
        <IconCircleCheck size={28} stroke={1.6} aria-hidden />
        {t('overview.allWell')}
      </div>
    );
  return (
    <ul className="problems">
      {problems.map((problem) => {
        const { shape, tone } = signs[problem.severity];
        return (
          <li key={`${problem.code} ${problem.deviceId} ${problem.scheduleId} ${problem.since}`}>
            <Link {...placeFor(problem, format.place.dateOf(problem.since))} className="problem-row">
              <span className="problem-sign">
                <Shape shape={shape} tone={tone} size={16} />
              </span>
              <span className="problem-text">
                <span className="problem-what">{sentence(problem)}</span>
                <span className="dim">
                  {t('overview.sinceWhen', { when: format.moment(problem.since) })} ·{' '}
                  {t(`overview.remedy.${problem.code}`)}
                </span>
              </span>
              <IconChevronRight size={18} aria-hidden className="dim" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
