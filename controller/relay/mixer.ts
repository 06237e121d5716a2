import { SAMPLE_RATE } from '../media/commands.ts';
import { PACKET_MS } from '../media/flow-commands.ts';
import type { LoudnessRider } from './loudness-rider.ts';
import { freshFrame, levelOf, type SoundQueue } from './sound-queue.ts';
import type { StreamTrouble } from './trouble.ts';
import type { Switch, Watch } from './watch.ts';

/** What is heard instead of the stream. */
export interface Stand {
  readonly state: 'none' | 'usable' | 'missing';
  /** Makes it ready: it may be needed in a moment. */
  warm(): void;
  /** Not needed any more. */
  rest(): void;
  take(frame: Float32Array): boolean;
}

export interface MixerParts {
  readonly stream: { readonly queue: SoundQueue; readonly trouble: StreamTrouble | null };
  readonly stand: Stand;
  readonly watch: Watch;
  readonly rider: LoudnessRider;
}

/** From one to the other; long enough for no click, short enough for no muddle. */
const CROSS_MS = 300;
const STEP = 1_000 / (CROSS_MS * SAMPLE_RATE);
/** So much must wait before the stream is begun, and begun again after it ran dry: a network that hiccups is not heard. */
export const PRIMED_MS = 1_500;
/** When only so much is left, the other one is made ready. */
const NEARLY_DRY_MS = 1_000;

/** Makes the sound that devices hear, frame by frame, from a stream that may fail and what stands in for it. */
export class Mixer {
  readonly #parts: MixerParts;
  readonly #stream = freshFrame();
  readonly #stand = freshFrame();
  #streamShare = 0;
  #standShare = 0;
  #primed = false;
  #levelDbfs: number | null = null;

  constructor(parts: MixerParts) {
    this.#parts = parts;
  }

  /** Of the stream itself, as it came; null when nothing came. */
  get levelDbfs(): number | null {
    return this.#levelDbfs;
  }

  /** @returns the next frame, and the switch that was made with it. */
  next(): { frame: Float32Array; change: Switch | null } {
    const { stream, stand, watch, rider } = this.#parts;
    const came = this.#takeStream();
    this.#levelDbfs = came ? levelOf(this.#stream) : null;
    if (came) rider.apply(this.#stream);
    else this.#stream.fill(0);
    const change = watch.step({
      frameMs: PACKET_MS,
      levelDbfs: this.#levelDbfs,
      trouble: stream.trouble,
      fallback: stand.state,
    });
    const { hears } = watch;
    if (hears === 'fallback' || stream.queue.ms < NEARLY_DRY_MS) stand.warm();
    else if (this.#standShare === 0) stand.rest();
    // Where nothing stands in, a stream that is only very quiet is let through: it may say something.
    const wanted = hears === 'fallback' ? 0 : 1;
    const standing = hears === 'fallback' || this.#standShare > 0;
    if (!standing || !stand.take(this.#stand)) this.#stand.fill(0);
    const frame = freshFrame();
    for (let index = 0; index < frame.length; index += 1) {
      this.#streamShare = towards(this.#streamShare, wanted);
      this.#standShare = towards(this.#standShare, 1 - wanted);
      const a = (this.#stream[index] ?? 0) * Math.sin((this.#streamShare * Math.PI) / 2);
      const b = (this.#stand[index] ?? 0) * Math.sin((this.#standShare * Math.PI) / 2);
      frame[index] = a + b;
    }
    return { frame, change };
  }

  /** The last frame before it runs dry fades out, and the first one after that in. */
  #takeStream(): boolean {
    const { queue } = this.#parts.stream;
    const begins = !this.#primed;
    if (begins && queue.ms < PRIMED_MS) return false;
    if (!queue.take(this.#stream)) {
      this.#primed = false;
      return false;
    }
    this.#primed = true;
    const ends = queue.ms < PACKET_MS;
    if (begins || ends) {
      for (let index = 0; index < this.#stream.length; index += 1) {
        const share = index / this.#stream.length;
        this.#stream[index] = (this.#stream[index] ?? 0) * (ends ? 1 - share : share);
      }
    }
    return true;
  }
}

const towards = (share: number, wanted: number): number =>
  wanted > share ? Math.min(wanted, share + STEP) : Math.max(wanted, share - STEP);
