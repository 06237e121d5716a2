import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { diskTrouble, readJson, writeWhole } from './whole-file.ts';

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

  /**
   * Who cannot read how far it had counted takes a number that is far away: with one that was used before, new records would
   * pass for old ones, which the controller has already.
   */
  static async begin(dir: string): Promise<BootCount> {
    const path = join(dir, 'boot.json');
    const last = await readJson(path, BootFile).then(
      (kept) => kept?.boot ?? 0,
      () => randomInt(1e9, 2e9),
    );
    const count = new BootCount(path, last + 1);
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
