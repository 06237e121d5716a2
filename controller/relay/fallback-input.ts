import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { decodeFile } from './decode.ts';
import type { Stand } from './mixer.ts';
import { SoundQueue } from './sound-queue.ts';

/** Files are decoded ahead only so far. */
const AHEAD_MS = 8_000;
const LOOK_MS = 200;
/** A list of which nothing could be played is looked at again after this. */
const AGAIN_MS = 10_000;

export interface FallbackOptions {
  /** Paths of renditions in the order of the playlist, asked for anew each time round; empty when there are none. */
  readonly files: () => readonly string[];
  readonly ffmpeg: string;
  readonly log: Logger;
}

/** A playlist of the library, round and round, as samples. It is decoded only while it may be needed. */
export class FallbackInput implements Stand {
  readonly #options: FallbackOptions;
  #queue = new SoundQueue();
  #running: AbortController | null = null;
  #restedAt: number | null = null;
  #missingUntil = 0;

  constructor(options: FallbackOptions) {
    this.#options = options;
  }

  get state(): 'usable' | 'missing' {
    return performance.now() < this.#missingUntil ? 'missing' : 'usable';
  }

  warm(): void {
    this.#restedAt = null;
    if (this.#running !== null || this.state === 'missing') return;
    const running = new AbortController();
    this.#running = running;
    this.#queue = new SoundQueue();
    this.#run(this.#queue, running.signal)
      .catch((error: unknown) => {
        if (!running.signal.aborted)
          this.#options.log.error({ err: error }, 'a fallback could not be played');
      })
      .finally(() => {
        if (this.#running === running) this.#running = null;
      });
  }

  /** Let go some seconds after the last need: a stream that hiccups does not start it again and again. */
  rest(): void {
    const now = performance.now();
    this.#restedAt ??= now;
    if (now - this.#restedAt > AHEAD_MS) this.stop();
  }

  take(frame: Float32Array): boolean {
    return this.#queue.take(frame);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.#queue.clear();
  }

  async #run(queue: SoundQueue, signal: AbortSignal): Promise<void> {
    const { files, ffmpeg, log } = this.#options;
    while (!signal.aborted) {
      let played = 0;
      for (const file of files()) {
        try {
          await decodeFile(file, queue, ffmpeg, signal);
          played += 1;
        } catch (error) {
          signal.throwIfAborted();
          log.warn({ err: error }, 'a sound of the fallback could not be decoded');
        }
        while (queue.ms > AHEAD_MS) await sleep(LOOK_MS, undefined, { signal });
      }
      if (played === 0) {
        this.#missingUntil = performance.now() + AGAIN_MS;
        return;
      }
    }
  }
}

/** Where nobody chose a fallback. */
export const noStand: Stand = { state: 'none', warm: () => {}, rest: () => {}, take: () => false };
