import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { LiveStream } from '../live-audio/stream.ts';
import { TARGET_LUFS } from '../media/commands.ts';
import { PACKET_MS } from '../media/flow-commands.ts';
import { Encoder } from './encoder.ts';
import { LoudnessRider } from './loudness-rider.ts';
import { Mixer, type Stand } from './mixer.ts';
import type { StreamInput } from './stream-input.ts';
import { type Switch, Watch } from './watch.ts';

export interface CarrierOptions {
  /** When it is first heard, and when no more; epoch ms. */
  readonly t0: number;
  readonly endAt: number;
  readonly silenceMs: number;
  readonly input: StreamInput;
  readonly stand: Stand;
  readonly stream: Pick<LiveStream, 'push' | 'end'>;
  readonly ffmpeg: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** `at`: when devices hear it, epoch ms. */
  readonly onSwitch: (at: number, change: Switch) => void;
  /** The last sample is on its way. */
  readonly onOver: () => void;
}

/** Sound leaves so long before it is heard: a device behind a slow link has time to get it twice over. */
export const LEAD_MS = 2_500;
const EVERY_MS = 40;
/** After a stand-still it catches up bit by bit, so that what lies in the pipes can be read between; unless time presses. */
const MOST_FRAMES_A_TURN = 10;
const MOST_FRAMES_IN_HASTE = 50;
const HASTE_MS = 600;
/** In one message to the devices. */
const PACKETS_TOGETHER = 3;
/** What is later than this when it is made is not made at all. */
const TOO_LATE_MS = 200;

/** Carries one relay from its source to its devices: frame by frame by the clock, whatever becomes of the source. */
export class Carrier {
  readonly #options: CarrierOptions;
  readonly #mixer: Mixer;
  readonly #watch: Watch;
  readonly #encoder: Encoder;
  readonly #frames: number;
  #next = 0;
  #waiting: { readonly first: number; readonly packets: Buffer[] } | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CarrierOptions) {
    this.#options = options;
    const { input, stand, silenceMs, t0, endAt, ffmpeg, log } = options;
    this.#watch = new Watch(silenceMs);
    const rider = new LoudnessRider(TARGET_LUFS);
    this.#mixer = new Mixer({ stream: input, stand, watch: this.#watch, rider });
    this.#frames = Math.max(1, Math.floor((endAt - t0) / PACKET_MS));
    this.#encoder = new Encoder({
      ffmpeg,
      onPacket: (packet, frame) => this.#send(packet, frame),
      onTrouble: (why) => log.error({ why }, 'the encoder of a relay died; another one goes on'),
    });
  }

  get hears(): Watch['hears'] {
    return this.#watch.hears;
  }

  /** Of the stream as it comes, dBFS. */
  get levelDbfs(): number | null {
    return this.#mixer.levelDbfs;
  }

  /** For tests that kill it. */
  get encoderPid(): number | null {
    return this.#encoder.pid;
  }

  start(): void {
    this.#timer = setInterval(() => this.#turn(), EVERY_MS);
  }

  /** Ends it here, for devices too, after what is on its way already. */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await this.#encoder.finish();
    this.#flush();
    const { stream, t0 } = this.#options;
    stream.end(t0 + this.#next * PACKET_MS);
  }

  /** Lets everything go as it is. */
  stop(): void {
    clearInterval(this.#timer);
    this.#encoder.stop();
  }

  #turn(): void {
    const { clock, t0, onSwitch, onOver } = this.#options;
    const now = clock.now();
    const due = Math.min(this.#frames, Math.floor((now + LEAD_MS - t0) / PACKET_MS));
    const skipped = Math.ceil((now - TOO_LATE_MS - t0) / PACKET_MS);
    if (skipped > this.#next) this.#next = Math.min(skipped, this.#frames);
    const inHaste = t0 + this.#next * PACKET_MS - now < HASTE_MS;
    const until = Math.min(due, this.#next + (inHaste ? MOST_FRAMES_IN_HASTE : MOST_FRAMES_A_TURN));
    while (this.#next < until) {
      const { frame, change } = this.#mixer.next();
      if (change !== null) onSwitch(t0 + this.#next * PACKET_MS, change);
      this.#encoder.push(frame, this.#next);
      this.#next += 1;
    }
    if (this.#next < this.#frames) return;
    clearInterval(this.#timer);
    onOver();
  }

  /** Some packets together; never two that do not follow each other. */
  #send(packet: Buffer, frame: number): void {
    if (this.#waiting !== null && this.#waiting.first + this.#waiting.packets.length !== frame) this.#flush();
    this.#waiting ??= { first: frame, packets: [] };
    this.#waiting.packets.push(packet);
    if (this.#waiting.packets.length >= PACKETS_TOGETHER) this.#flush();
  }

  #flush(): void {
    if (this.#waiting === null) return;
    const { first, packets } = this.#waiting;
    this.#waiting = null;
    const { stream, t0 } = this.#options;
    stream.push(packets, t0 + first * PACKET_MS);
  }
}
