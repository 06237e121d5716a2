import type { AlsaLibrary } from './alsa-library.ts';
import { Dry, type Outlet } from './outlet.ts';
import { framesOf, RATE } from './sound-card.ts';
import { spread } from './spread.ts';

const PLAYBACK = 0;
const NONBLOCK = 1;
const INTERLEAVED = 3;
const S16_LE = 2;
const XRUN = 4;
const EAGAIN = -11;
const EPIPE = -32;
const ESTRPIPE = -86;

/** Asked of the card, ms; it may give less. Short periods: many cards move their position once in each. */
const BUFFER_MS = 500;
const PERIOD_MS = 10;
/** Kept in the card: longer than any stall of the program, shorter than anybody waits for an order to be heard. */
const HELD_MS = 300;

const REMEDY: Readonly<Record<number, string>> = {
  [-2]: 'aplay -L lists the names that exist',
  [-13]: 'add the user to the group audio',
  [-16]: 'another program plays on it: stop that, or take a name that mixes, such as default',
  [-19]: 'is it plugged in? aplay -l lists the cards',
};

/** A sound card (PCM) of the Advanced Linux Sound Architecture, by its name. */
export class AlsaOutlet implements Outlet {
  readonly settleMs = 120;
  readonly #alsa: AlsaLibrary;
  readonly #name: string;
  readonly #asked: number | undefined;
  #pcm: unknown = null;
  #channels = 1;
  #held = 0;
  /** What it may hold at most. */
  #room = 0;
  #wantedMs = HELD_MS;
  #written = 0;
  #startedMs: number | null = null;
  /** Cards that are none, such as `null` and `file`, take everything at once and have no position. */
  #clockless = false;

  /** @param channels 1 or 2; undefined for what the card can do. */
  constructor(alsa: AlsaLibrary, name: string, channels: number | undefined) {
    this.#alsa = alsa;
    this.#name = name;
    this.#asked = channels;
  }

  async open(): Promise<void> {
    const pointer: [unknown] = [null];
    this.#check(this.#alsa.open(pointer, this.#name, PLAYBACK, NONBLOCK), 'open');
    this.#pcm = pointer[0];
    try {
      this.#configure();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  prepare(): void {
    this.#check(this.#alsa.prepare(this.#pcm), 'prepare');
    this.#written = 0;
    this.#startedMs = null;
    this.#clockless = false;
  }

  room(nowMs: number): number {
    return this.#held - (this.#written - this.#leftBy(nowMs));
  }

  write(samples: Int16Array): number {
    const count = this.#alsa.write(this.#pcm, spread(samples, this.#channels), samples.length);
    if (count === EAGAIN) return 0;
    this.#alive(count, 'write to');
    this.#written += count;
    return count;
  }

  left(nowMs: number): number | null {
    if (this.#startedMs === null) {
      this.#startedMs = nowMs;
      // It was filled at once and a moment ago: who has nothing left of that is no card.
      this.#clockless = this.#delay() <= 0;
    }
    return this.#clockless ? null : this.#written - this.#delay();
  }

  hold(ms: number | null): void {
    this.#wantedMs = ms ?? HELD_MS;
    this.#held = Math.min(framesOf(this.#wantedMs), this.#room);
  }

  async close(): Promise<void> {
    if (this.#pcm === null) return;
    this.#alsa.drop(this.#pcm);
    this.#alsa.close(this.#pcm);
    this.#pcm = null;
  }

  #leftBy(nowMs: number): number {
    if (this.#startedMs === null) return 0;
    if (this.#clockless) return framesOf(nowMs - this.#startedMs);
    return this.#written - this.#delay();
  }

  /** Frames that were written and are not heard yet. */
  #delay(): number {
    const frames: [number] = [0];
    this.#alive(this.#alsa.delay(this.#pcm, frames), 'ask for the position of');
    return frames[0];
  }

  #configure(): void {
    const alsa = this.#alsa;
    const pcm = this.#pcm;
    const pointer: [unknown] = [null];
    this.#check(alsa.parametersNew(pointer), 'set up');
    const parameters = pointer[0];
    try {
      this.#check(alsa.parametersAny(pcm, parameters), 'set up');
      alsa.setResample(pcm, parameters, 1);
      this.#check(alsa.setAccess(pcm, parameters, INTERLEAVED), 'write whole frames to');
      this.#check(alsa.setFormat(pcm, parameters, S16_LE), 'play 16-bit samples on');
      this.#check(alsa.setRate(pcm, parameters, RATE, 0), `play ${RATE} Hz on`);
      const wanted = this.#asked === undefined ? [1, 2] : [this.#asked];
      const channels = wanted.find((count) => alsa.setChannels(pcm, parameters, count) >= 0);
      if (channels === undefined) this.#check(-22, `play ${wanted.join(' or ')} channels on`);
      this.#channels = channels ?? 1;
      this.#check(alsa.setBufferTime(pcm, parameters, [BUFFER_MS * 1_000], null), 'size the buffer of');
      this.#check(alsa.setPeriodTime(pcm, parameters, [PERIOD_MS * 1_000], null), 'size the periods of');
      this.#check(alsa.apply(pcm, parameters), 'set up');
    } finally {
      alsa.parametersFree(parameters);
    }
    const buffer: [number] = [0];
    const period: [number] = [0];
    this.#check(alsa.getParams(pcm, buffer, period), 'ask for the buffer of');
    this.#room = buffer[0] - period[0];
    this.hold(this.#wantedMs);
  }

  #alive(result: number, doing: string): void {
    if (result >= 0) return;
    const stopped = result === EPIPE || result === ESTRPIPE || this.#alsa.state(this.#pcm) === XRUN;
    if (stopped) throw new Dry(`the sound card "${this.#name}" was not fed in time`);
    this.#check(result, doing);
  }

  #check(result: number, doing: string): void {
    if (result >= 0) return;
    const remedy =
      REMEDY[result] ?? 'the name plughw:… instead of hw:… converts what a card cannot do itself';
    throw new Error(
      `cannot ${doing} the sound card "${this.#name}": ${this.#alsa.explain(result)}; ${remedy}`,
    );
  }
}
