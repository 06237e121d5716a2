import type { BroadcastState, BroadcastSummary, ShareState } from '#controller/http/contract/broadcasts';
import type { ShapeName, Tone } from '../../parts/mark.tsx';

type Sign = { shape: ShapeName; tone: Tone };

export const broadcastSigns: Record<BroadcastState, Sign> = {
  preparing: { shape: 'half', tone: 'accent' },
  started: { shape: 'full', tone: 'good' },
  ended: { shape: 'full', tone: 'quiet' },
  stopped: { shape: 'ring', tone: 'quiet' },
  failed: { shape: 'cross', tone: 'bad' },
};

export const shareSigns: Record<ShareState, Sign> = {
  asked: { shape: 'ring', tone: 'quiet' },
  received: { shape: 'half', tone: 'accent' },
  ready: { shape: 'half', tone: 'accent' },
  started: { shape: 'full', tone: 'good' },
  ended: { shape: 'full', tone: 'quiet' },
  stopped: { shape: 'ring', tone: 'quiet' },
  rejected: { shape: 'cross', tone: 'bad' },
  absent: { shape: 'cross', tone: 'bad' },
};

export const isLive = ({ state }: Pick<BroadcastSummary, 'state'>): boolean =>
  state === 'preparing' || state === 'started';

export const totalOf = ({ counts }: Pick<BroadcastSummary, 'counts'>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** How many devices came as far as each of the four steps; who was stopped had started. */
export function steps({ counts }: Pick<BroadcastSummary, 'counts'>) {
  const done = counts.ended + counts.stopped;
  const began = counts.started + done;
  return {
    asked: totalOf({ counts }) - counts.absent,
    ready: counts.ready + began,
    sounding: counts.started,
    done,
  };
}

/** Those that are not heard though they should be, the worst first. */
export const SILENT = [
  'rejected',
  'absent',
  'asked',
  'received',
  'ready',
] as const satisfies readonly ShareState[];
