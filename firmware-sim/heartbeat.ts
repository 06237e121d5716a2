import { statfs } from 'node:fs/promises';
import type { z } from 'zod';
import type { Heartbeat } from '#devices/messages/heartbeat';

export type HeartbeatMessage = z.infer<typeof Heartbeat>;

/** Beats at its interval, with a tenth of it as jitter, so that a village does not beat as one. */
export class Pulse {
  readonly #intervalMs: number;
  readonly #beat: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** By the monotonic clock; 0 while it does not beat. */
  #dueAt = 0;

  constructor(intervalMs: number, beat: () => void) {
    this.#intervalMs = intervalMs;
    this.#beat = beat;
  }

  /** The first beat comes soon, the others at their interval. */
  start(): void {
    this.stop();
    this.#arm(Math.min(1_000, this.#intervalMs) * Math.random());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#dueAt = 0;
  }

  /**
   * Something worth telling changed: the next beat comes within a second or two, so that a console shows what plays
   * while it plays, and a village that starts together still does not beat as one.
   */
  soon(): void {
    const inMs = Math.min(500, this.#intervalMs) + Math.min(1_000, this.#intervalMs) * Math.random();
    if (this.#dueAt > performance.now() + inMs) this.#arm(inMs);
  }

  /** Somebody asks: the next beat comes at once. */
  now(): void {
    if (this.#dueAt > 0) this.#arm(0);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => {
      this.#beat();
      this.#arm(this.#intervalMs * (0.9 + Math.random() * 0.2));
    }, ms);
  }
}

/** The disk that the device lives on; undefined when it cannot be asked. */
export async function storageOf(dir: string): Promise<{ totalBytes: number; freeBytes: number } | undefined> {
  try {
    const disk = await statfs(dir);
    return { totalBytes: disk.blocks * disk.bsize, freeBytes: disk.bavail * disk.bsize };
  } catch {
    return undefined;
  }
}
