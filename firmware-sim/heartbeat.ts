import { statfs } from 'node:fs/promises';
import type { z } from 'zod';
import type { Heartbeat } from '#devices/messages/heartbeat';

export type HeartbeatMessage = z.infer<typeof Heartbeat>;

/** Beats at its interval, with a tenth of it as jitter, so that a village does not beat as one. */
export class Pulse {
  readonly #intervalMs: number;
  readonly #beat: () => void;
  #timer: NodeJS.Timeout | undefined;

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
  }

  #arm(ms: number): void {
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
