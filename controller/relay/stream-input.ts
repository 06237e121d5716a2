import { setTimeout as sleep } from 'node:timers/promises';
import type { Doorway } from './connect.ts';
import { messageOf } from './connect.ts';
import { decode } from './decode.ts';
import { SoundQueue } from './sound-queue.ts';
import { openSource } from './source.ts';
import { lost, StreamTrouble } from './trouble.ts';

export interface StreamInputOptions {
  readonly url: string;
  readonly doorway: Doorway;
  readonly ffmpeg: string;
  /** Told of every attempt that failed, and of every success. */
  readonly onNews: (
    news: { readonly connected: string } | { readonly trouble: StreamTrouble; readonly againMs: number },
  ) => void;
}

const LEAST_AGAIN_MS = 1_000;
const MOST_AGAIN_MS = 30_000;
/** From an address, by way of lists and keys, to the first sound. */
const OPEN_MS = 60_000;
/** After so long a connection has proved good, and the next loss is a new story. */
const PROVEN_MS = 30_000;

/** A stream's sound as samples, connected again and again for as long as it is wanted. */
export class StreamInput {
  readonly queue = new SoundQueue();
  readonly #options: StreamInputOptions;
  readonly #abort = new AbortController();
  #trouble: StreamTrouble | null = null;
  #attempt: AbortController | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(options: StreamInputOptions) {
    this.#options = options;
  }

  /** Why nothing comes; null while it is connected, or connecting for the first time. */
  get trouble(): StreamTrouble | null {
    return this.#trouble;
  }

  start(): void {
    this.#work = this.#run(this.#abort.signal).catch(() => {});
  }

  /** Begins anew: what may be opened has changed. What is buffered bridges it. */
  again(): void {
    this.#attempt?.abort();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#work;
    this.queue.clear();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { onNews } = this.#options;
    let againMs = LEAST_AGAIN_MS;
    while (!signal.aborted) {
      const began = performance.now();
      const trouble = await this.#once(signal);
      if (signal.aborted) return;
      if (performance.now() - began > PROVEN_MS) againMs = LEAST_AGAIN_MS;
      this.#trouble = trouble;
      onNews({ trouble, againMs });
      await sleep(againMs, undefined, { signal });
      againMs = Math.min(MOST_AGAIN_MS, againMs * 2);
    }
  }

  /** @returns why it is over. */
  async #once(signal: AbortSignal): Promise<StreamTrouble> {
    const { url, doorway, ffmpeg, onNews } = this.#options;
    // Whatever is still open of this attempt ends with it.
    const attempt = new AbortController();
    this.#attempt = attempt;
    const cancel = (): void => attempt.abort();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const timer = setTimeout(cancel, OPEN_MS);
      const source = await openSource(url, doorway, attempt.signal).finally(() => clearTimeout(timer));
      this.#trouble = null;
      onNews({ connected: source.hls ? `hls ${source.format}` : source.format });
      await decode(source, this.queue, ffmpeg, attempt.signal);
      return lost('ended', 'The stream has ended.');
    } catch (error) {
      return error instanceof StreamTrouble ? error : lost('failed', messageOf(error), error);
    } finally {
      signal.removeEventListener('abort', cancel);
      attempt.abort();
    }
  }
}
