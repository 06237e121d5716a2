import type { RelayRun } from '#controller/http/contract/relays';
import type { ShapeName, Tone } from '../../../parts/mark.tsx';

export const hearsSigns: Record<RelayRun['hears'], { shape: ShapeName; tone: Tone }> = {
  connecting: { shape: 'half', tone: 'accent' },
  stream: { shape: 'full', tone: 'good' },
  fallback: { shape: 'triangle', tone: 'warn' },
  silence: { shape: 'cross', tone: 'bad' },
};
