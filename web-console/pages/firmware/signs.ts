import type { RolloutState, RolloutStep } from '#controller/http/contract/firmware';
import type { ShapeName, Tone } from '../../parts/mark.tsx';

type Sign = { shape: ShapeName; tone: Tone };

export const rolloutSigns: Record<RolloutState, Sign> = {
  running: { shape: 'half', tone: 'accent' },
  halted: { shape: 'triangle', tone: 'warn' },
  done: { shape: 'full', tone: 'good' },
  cancelled: { shape: 'cross', tone: 'quiet' },
};

/** In the order in which a device goes through them; `failed` last, since it can follow any. */
export const STEPS: readonly RolloutStep[] = [
  'waiting',
  'offered',
  'downloaded',
  'restarting',
  'committed',
  'failed',
];

export const stepSigns: Record<RolloutStep, Sign> = {
  waiting: { shape: 'ring', tone: 'quiet' },
  offered: { shape: 'half', tone: 'quiet' },
  downloaded: { shape: 'half', tone: 'accent' },
  restarting: { shape: 'half', tone: 'accent' },
  committed: { shape: 'full', tone: 'good' },
  failed: { shape: 'cross', tone: 'bad' },
};
