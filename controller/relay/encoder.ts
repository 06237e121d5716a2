import { OggPackets } from '../live-audio/ogg-packets.ts';
import { type Flow, startFlow } from '../media/flow.ts';
import { encodeFlow, FLOW_BYTES_PER_SECOND } from '../media/flow-commands.ts';

/** Peaks above it are held back; the codec adds a little to it. */
const CEILING_DBFS = -2;
/** One that takes nothing for so long, hangs; another one takes over. */
const MOST_WAITING_BYTES = 2 * FLOW_BYTES_PER_SECOND;
/** An encoder that ends again and again is not started more often than this. */
const AGAIN_MS = 500;

export interface EncoderOptions {
  readonly ffmpeg: string;
  /** A packet, and the number of the frame that it begins with. */
  readonly onPacket: (packet: Buffer, frame: number) => void;
  readonly onTrouble: (why: string) => void;
}

/**
 * Frames to Opus packets, one for one, in one encoder for as long as it lives, so that no switch of what is heard is a
 * switch of the codec. Should it die, another goes on with the next frame; what was in the first one is lost.
 */
export class Encoder {
  readonly #options: EncoderOptions;
  #flow: Flow | null = null;
  #startedAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: EncoderOptions) {
    this.#options = options;
  }

  /** For tests that kill it. */
  get pid(): number | null {
    return this.#flow?.pid ?? null;
  }

  /** @param number of the frame; each is one more than the last. */
  push(frame: Float32Array, number: number): void {
    if (this.#stopped) return;
    if (this.#flow === null) {
      if (performance.now() - this.#startedAt < AGAIN_MS) return;
      this.#flow = this.#start(number);
    }
    this.#flow.input.write(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
    if (this.#flow.input.writableLength > MOST_WAITING_BYTES) this.#flow.kill();
  }

  /** Lets it tell what it has still in it; for at most a second. */
  async finish(): Promise<void> {
    this.#stopped = true;
    const flow = this.#flow;
    if (flow === null) return;
    flow.input.end();
    const timer = setTimeout(() => flow.kill(), 1_000);
    await flow.ended;
    clearTimeout(timer);
  }

  stop(): void {
    this.#stopped = true;
    this.#flow?.kill();
  }

  #start(first: number): Flow {
    this.#startedAt = performance.now();
    const { ffmpeg, onPacket, onTrouble } = this.#options;
    const flow = startFlow(ffmpeg, encodeFlow(CEILING_DBFS));
    const packets = new OggPackets();
    let seen = 0;
    flow.output.on('data', (chunk: Buffer) => {
      for (const packet of packets.feed(chunk)) {
        onPacket(packet, first + seen);
        seen += 1;
      }
    });
    void flow.ended.then((why) => {
      if (this.#flow === flow) this.#flow = null;
      if (!this.#stopped) onTrouble(why ?? 'ffmpeg ended');
    });
    return flow;
  }
}
