import { LIVE_LEASE_MS } from '#devices/live-frame';
import { LIVE_REPORT_EVERY_MS } from '#devices/messages/live-report';
import type { DeviceClock } from '../clock.ts';
import type { Decoder } from '../speaker/decoder.ts';
import type { FrameGate } from './frame-gate.ts';
import { LiveLink, type LiveLinkDesk } from './live-link.ts';
import { LiveSound } from './live-sound.ts';
import type { Unpacker } from './opus.ts';
import { Reception, type Waiting } from './reception.ts';

/** Live sound as a speaker plays it. */
export interface LiveSource {
  /** What there is to begin with at this moment, epoch ms, or later; undefined when nothing has come. */
  from(at: number): Waiting | undefined;
  /** The last frame came. */
  readonly over: boolean;
  sound(first: Waiting): LiveSound & Decoder;
}

export interface TunedDesk extends Omit<LiveLinkDesk, 'more' | 'onOpen' | 'onMessage'> {
  readonly clock: DeviceClock;
  readonly gate: FrameGate;
  readonly unpacker: () => Promise<Unpacker>;
  readonly marginOf: (heardAt: number) => number;
}

/** Why it ended by itself. */
export type LiveEnd = 'lease-over' | 'window-over';

/** Said so long ago, what nobody played is not waited for any more, ms. */
const LINGER_MS = 1_000;

/** One live broadcast that this device listens to: connected, checked, in order, and only as long as it is renewed. */
export class Tuned implements LiveSource {
  readonly #desk: TunedDesk;
  readonly #link: LiveLink;
  readonly #reception: Reception;
  readonly #readied = new Set<() => void>();
  #unpacker: Unpacker | null = null;
  #left = false;
  /** It was started, and not only made ready. */
  expected = false;
  #reporter: NodeJS.Timeout | undefined;
  #lease: NodeJS.Timeout | undefined;
  /** Of the monotonic clock, ms. */
  #renewedAt: number;

  constructor(desk: TunedDesk) {
    const { clock, marginOf } = desk;
    this.#desk = desk;
    this.#reception = new Reception({ now: () => clock.now(), marginOf });
    this.#renewedAt = clock.base.monotonicMs();
    const { url, bearer, ca, cable, onTrouble } = desk;
    this.#link = new LiveLink({
      ...{ url, bearer, ca, cable, onTrouble },
      more: () => !this.#reception.over,
      onOpen: () => this.#ready(),
      onMessage: (message) => this.#receive(message),
    });
  }

  start(): void {
    this.#link.start();
    this.#reporter = setInterval(() => this.#report(), LIVE_REPORT_EVERY_MS);
    this.#desk.unpacker().then(
      (unpacker) => {
        if (this.#left) unpacker.close();
        else this.#unpacker = unpacker;
        this.#ready();
      },
      (error: unknown) => this.#desk.onTrouble(`no decoder: ${String(error)}`),
    );
  }

  stop(): void {
    this.#left = true;
    clearInterval(this.#reporter);
    clearTimeout(this.#lease);
    this.#link.stop();
    this.#unpacker?.close();
    this.#unpacker = null;
    this.#ready();
  }

  /** Connected, and able to play. */
  get ready(): boolean {
    return this.#link.connected && this.#unpacker !== null;
  }

  /** @returns whether it became ready in time. @param ms how long to wait. */
  async readyWithin(ms: number, signal: AbortSignal): Promise<boolean> {
    if (this.ready || this.#left || signal.aborted) return this.ready;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#readied.delete(look);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const look = (): void => {
        if (this.ready || this.#left) done();
      };
      const timer = setTimeout(done, Math.max(0, ms));
      signal.addEventListener('abort', done);
      this.#readied.add(look);
    });
    return this.ready;
  }

  /**
   * From this moment on, epoch ms, it must be renewed: nothing genuine for {@link LIVE_LEASE_MS}, and it is over. It is
   * over as well when the last word was said and nobody here was able to play it to its end.
   */
  expect(from: number, onOver: (why: LiveEnd) => void): void {
    clearTimeout(this.#lease);
    this.expected = true;
    const look = (): void => {
      const { clock } = this.#desk;
      const now = clock.base.monotonicMs();
      const { over, saidUntil } = this.#reception;
      const until = over
        ? clock.monotonicAt((saidUntil ?? from) + LINGER_MS)
        : Math.max(clock.monotonicAt(from), this.#renewedAt) + LIVE_LEASE_MS;
      if (now >= until) onOver(over ? 'window-over' : 'lease-over');
      else this.#lease = setTimeout(look, Math.min(until - now + 1, LIVE_LEASE_MS / 10));
    };
    look();
  }

  from(at: number): Waiting | undefined {
    return this.#unpacker === null ? undefined : this.#reception.from(at);
  }

  get over(): boolean {
    return this.#reception.over;
  }

  sound(first: Waiting): LiveSound {
    const unpacker = this.#unpacker;
    if (unpacker === null) throw new Error('live sound was to be played before its decoder was there');
    return new LiveSound(this.#reception, unpacker, first);
  }

  #receive(message: Uint8Array): boolean {
    const frame = this.#desk.gate(message);
    if (frame === null) {
      this.#desk.onTrouble('a frame that is not from the controller, or not of this broadcast');
      return false;
    }
    if (this.#reception.receive(frame)) this.#renewedAt = this.#desk.clock.base.monotonicMs();
    return true;
  }

  #report(): void {
    if (this.#link.connected && this.#reception.saidUntil !== null)
      this.#link.say(JSON.stringify(this.#reception.report()));
  }

  #ready(): void {
    for (const look of [...this.#readied]) look();
  }
}
