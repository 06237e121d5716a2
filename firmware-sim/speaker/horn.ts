import type { Amplifier } from '../amplifier.ts';
import type { Microphone } from '../microphone.ts';

/** What stands behind a simulated card, and what listens to it. */
export interface Horn {
  readonly amplifier: Amplifier;
  readonly microphone: Microphone | null;
}
