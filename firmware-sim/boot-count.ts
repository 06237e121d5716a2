import { join } from 'node:path';
import { z } from 'zod';
import { diskTrouble, readOrForget, writeWhole } from './whole-file.ts';

const BootFile = z.object({ boot: z.number().int().min(1) });

/**
 * The number of this power-up. Records are numbered within it, so it must be on the disk before any of them leaves; a disk
 * that takes nothing is no reason not to play, so the device starts all the same and counts as soon as it can.
 */
export class BootCount {
  readonly number: number;
  readonly #path: string;
  #counted = false;

  private constructor(path: string, number: number) {
    this.#path = path;
    this.number = number;
  }

  /** @throws when the disk cannot even be read. */
  static async begin(dir: string): Promise<BootCount> {
    const path = join(dir, 'boot.json');
    const count = new BootCount(path, ((await readOrForget(path, BootFile))?.boot ?? 0) + 1);
    await count.count().catch((error: unknown) => {
      if (diskTrouble(error) === null) throw error;
    });
    return count;
  }

  /** Puts the number on the disk, unless it is there. @throws when the disk does not take it. */
  async count(): Promise<void> {
    if (this.#counted) return;
    await writeWhole(this.#path, JSON.stringify({ boot: this.number }));
    this.#counted = true;
  }

  get counted(): boolean {
    return this.#counted;
  }
}
