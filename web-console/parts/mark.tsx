import { useTranslation } from 'react-i18next';
import type { DeviceStatus } from '#controller/http/contract/devices';
import type { Verdict } from '#controller/http/contract/plays';
import type { ShapeName, Tone } from './shapes.ts';

export type { ShapeName, Tone };

const paths: Record<ShapeName, React.ReactNode> = {
  full: <circle cx="8" cy="8" r="6" fill="currentColor" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M8 2.8a5.2 5.2 0 0 0 0 10.4Z" fill="currentColor" />
    </>
  ),
  ring: <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  triangle: <path d="M8 1.8 15 14H1Z" fill="currentColor" strokeLinejoin="round" />,
  cross: <path d="m3 3 10 10M13 3 3 13" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />,
  question: (
    <path
      d="M4.6 5.4C4.8 3.4 6.2 2.3 8 2.3c1.9 0 3.4 1.2 3.4 3 0 2.4-3.2 2.5-3.2 4.9M8.2 13.4v.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
    />
  ),
};

/** The sign of a state: its form tells it where colours do not. A word always stands beside it. */
export function Shape({ shape, tone, size = 14 }: { shape: ShapeName; tone: Tone; size?: number }) {
  return (
    <svg className="shape" data-tone={tone} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {paths[shape]}
    </svg>
  );
}

export const verdictSigns: Record<Verdict, { shape: ShapeName; tone: Tone }> = {
  pending: { shape: 'ring', tone: 'quiet' },
  played: { shape: 'full', tone: 'good' },
  late: { shape: 'triangle', tone: 'warn' },
  partial: { shape: 'half', tone: 'warn' },
  preempted: { shape: 'half', tone: 'quiet' },
  missed: { shape: 'cross', tone: 'bad' },
  unknown: { shape: 'question', tone: 'quiet' },
};
export const statusSigns: Record<DeviceStatus | 'playing', { shape: ShapeName; tone: Tone }> = {
  playing: { shape: 'full', tone: 'good' },
  online: { shape: 'ring', tone: 'good' },
  stale: { shape: 'triangle', tone: 'warn' },
  offline: { shape: 'cross', tone: 'bad' },
  fault: { shape: 'triangle', tone: 'bad' },
  unseen: { shape: 'question', tone: 'quiet' },
};

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const { shape, tone } = verdictSigns[verdict];
  return (
    <span className="mark" data-tone={tone}>
      <Shape shape={shape} tone={tone} />
      {t(`verdict.${verdict}`)}
    </span>
  );
}

export function StatusMark({ status, playing = false }: { status: DeviceStatus; playing?: boolean }) {
  const { t } = useTranslation();
  const shown = playing && status === 'online' ? 'playing' : status;
  const { shape, tone } = statusSigns[shown];
  return (
    <span className="mark" data-tone={tone}>
      <Shape shape={shape} tone={tone} />
      {t(`status.${shown}`)}
    </span>
  );
}
