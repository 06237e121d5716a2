import type { Socket } from 'node:net';
import { type Journey, SEGMENT_BYTES } from './lossy-way.ts';

/** What is under way at most before the sender is held back: a usual receive window. */
const WINDOW_BYTES = 256 * 1024;

/**
 * Carries one direction of one connection. Nothing overtakes: what follows a late segment waits for it (head-of-line
 * blocking), the end of the stream too.
 */
export class LossyStream {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #journey: Journey;
  readonly #back: Journey;
  readonly #queue: { at: number; bytes: Buffer | null }[] = [];
  #underWay = 0;
  #lastAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #frozen = false;
  #blocked = false;

  /** @param notBefore monotonic, ms: until then the handshake of the connection is under way. */
  constructor(from: Socket, to: Socket, journey: Journey, back: Journey, notBefore: number) {
    this.#from = from;
    this.#to = to;
    this.#journey = journey;
    this.#back = back;
    this.#lastAt = notBefore;
    from.on('data', (chunk: Buffer) => this.#send(chunk));
    from.on('end', () => this.#push(null, performance.now() + journey.latency()));
    to.on('drain', () => {
      this.#blocked = false;
      this.#deliver();
    });
  }

  /** Nothing of this direction arrives any more, and nothing is lost, until it is thawed. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    this.#deliver();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #send(chunk: Buffer): void {
    const now = performance.now();
    if (this.#journey.free && this.#queue.length === 0 && !this.#frozen && now >= this.#lastAt) {
      if (!this.#to.write(chunk)) {
        this.#blocked = true;
        this.#from.pause();
      }
      return;
    }
    const count = Math.ceil(chunk.length / SEGMENT_BYTES);
    for (let index = 0; index < count; index += 1) {
      const bytes = chunk.subarray(index * SEGMENT_BYTES, (index + 1) * SEGMENT_BYTES);
      const back = this.#back.latency();
      this.#push(bytes, this.#journey.arrival(now, bytes.length, count - 1 - index, back));
    }
  }

  #push(bytes: Buffer | null, at: number): void {
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#queue.push({ at: this.#lastAt, bytes });
    this.#underWay += bytes?.length ?? 0;
    if (this.#underWay > WINDOW_BYTES) this.#from.pause();
    if (this.#queue.length === 1) this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    while (!this.#frozen && !this.#blocked) {
      const first = this.#queue[0];
      if (first === undefined) break;
      const wait = first.at - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#deliver(), wait);
        break;
      }
      this.#queue.shift();
      if (first.bytes === null) this.#to.end();
      else {
        this.#underWay -= first.bytes.length;
        this.#blocked = !this.#to.write(first.bytes);
      }
    }
    if (!this.#blocked && this.#underWay < WINDOW_BYTES / 2) this.#from.resume();
  }
}
