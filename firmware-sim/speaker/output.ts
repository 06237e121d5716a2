import type { BaseClock } from '../clock.ts';
import type { Card } from './card.ts';
import { SoundCard } from './sound-card.ts';

/** What a speaker's samples go to. */
export type Output =
  | { readonly to: 'nowhere' }
  | { readonly to: 'alsa'; readonly name: string; readonly channels: 1 | 2 | undefined }
  | { readonly to: 'command'; readonly command: string; readonly channels: 1 | 2 | undefined };

export interface CardDesk {
  readonly clock: BaseClock;
  /** How much the simulated card's crystal runs fast. */
  readonly cardPpm: number;
  readonly fault: (what: string, detail: string) => void;
}

/** `alsa`, `alsa:NAME` or `command:…`, as given on the command line; undefined when it is none of them. */
export function outputOf(text: string, channels: 1 | 2 | undefined): Output | undefined {
  const [to = '', ...rest] = text.split(':');
  const name = rest.join(':');
  if (to === 'alsa' && !text.endsWith(':')) return { to, name: name === '' ? 'default' : name, channels };
  if (to === 'command' && name.trim() !== '') return { to, command: name, channels };
  return undefined;
}

/**
 * The card for an output. What real ones need is loaded only for them.
 * @throws {Error} when something must be installed first.
 */
export async function makeCard(output: Output, desk: CardDesk): Promise<Card> {
  if (output.to === 'nowhere') return new SoundCard(desk.clock, desk.cardPpm);
  const { FedCard } = await import('./fed-card.ts');
  if (output.to === 'alsa') {
    const [{ AlsaOutlet }, { loadAlsa }] = await Promise.all([
      import('./alsa-outlet.ts'),
      import('./alsa-library.ts'),
    ]);
    const outlet = new AlsaOutlet(await loadAlsa(), output.name, output.channels);
    return new FedCard({
      ...{ outlet, clock: desk.clock, fault: desk.fault, jumpMs: 5 },
      line: { windowMs: 250, horizonMs: 60_000, noiseFrames: 0.3 },
    });
  }
  const { CommandOutlet } = await import('./command-outlet.ts');
  const outlet = new CommandOutlet(output.command, output.channels ?? 1);
  return new FedCard({
    ...{ outlet, clock: desk.clock, fault: desk.fault, jumpMs: 100 },
    // A command takes its sound in gulps of some 10 ms: its rate is known only after minutes.
    line: { windowMs: 2_000, horizonMs: 600_000, noiseFrames: 480 },
  });
}
