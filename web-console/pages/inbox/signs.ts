import type { AlertLevel, AlertState } from '#controller/http/contract/alerts';
import type { Bulletin, BulletinState } from '#controller/http/contract/bulletins';
import type { ShapeName, Tone } from '../../parts/mark.tsx';

type Sign = { shape: ShapeName; tone: Tone };

export const bulletinSigns: Record<BulletinState, Sign> = {
  received: { shape: 'ring', tone: 'accent' },
  choose: { shape: 'triangle', tone: 'warn' },
  accepted: { shape: 'half', tone: 'accent' },
  scheduled: { shape: 'half', tone: 'good' },
  playing: { shape: 'full', tone: 'good' },
  played: { shape: 'full', tone: 'quiet' },
  refused: { shape: 'cross', tone: 'quiet' },
  withdrawn: { shape: 'cross', tone: 'quiet' },
};

export const alertSigns: Record<AlertState, Sign> = {
  waiting: { shape: 'triangle', tone: 'warn' },
  playing: { shape: 'full', tone: 'bad' },
  played: { shape: 'full', tone: 'good' },
  noted: { shape: 'ring', tone: 'quiet' },
  dismissed: { shape: 'cross', tone: 'quiet' },
  superseded: { shape: 'half', tone: 'quiet' },
  cancelled: { shape: 'cross', tone: 'quiet' },
  expired: { shape: 'ring', tone: 'quiet' },
  refused: { shape: 'cross', tone: 'bad' },
};

export const levelTones: Record<AlertLevel, Tone> = {
  emergency: 'bad',
  priority: 'warn',
  normal: 'accent',
  none: 'quiet',
};

/** Those that wait for a person, the most urgent first. */
export const WAITS: readonly BulletinState[] = ['choose', 'received', 'accepted'];
const LEVELS = ['emergency', 'priority', 'normal'] as const;
export const byUrgency = (one: Bulletin, other: Bulletin): number =>
  LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level) || other.receivedAt - one.receivedAt;
