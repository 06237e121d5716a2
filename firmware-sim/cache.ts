import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanBlob } from '#devices/plan';
import { hashOf } from './download.ts';
import { makeDirectory, remove, writeWhole } from './whole-file.ts';

/** Files that wait in memory for a disk that takes nothing. */
const MOST_FRESH = 16;

/** The device's media, by hash. A file under its own name is whole; what is not yet is called `.part`. */
export class Cache {
  readonly #dir: string;
  readonly #limitBytes: number;
  /** Hashed since this power-up: a card that was taken out and written elsewhere is noticed at the next boot. */
  readonly #verified = new Set<string>();
  /** Came with an order, and are on their way to the disk. */
  readonly #fresh = new Map<string, Buffer>();

  /** @param limitBytes the share of the disk that the cache may fill; undefined: with what is named, and no more. */
  constructor(dir: string, limitBytes?: number) {
    this.#dir = join(dir, 'blobs');
    this.#limitBytes = limitBytes ?? 0;
  }

  async open(): Promise<void> {
    await makeDirectory(this.#dir);
  }

  path(sha256: string): string {
    return join(this.#dir, sha256);
  }

  has(sha256: string): boolean {
    return this.#fresh.has(sha256) || existsSync(this.path(sha256));
  }

  /** The bytes of a short file, as they are; nobody has compared them with its name. @throws when it is not here. */
  readNow(sha256: string): Buffer {
    return this.#fresh.get(sha256) ?? readFileSync(this.path(sha256));
  }

  /** Takes in a file that came with an order, and was found to be the one of its name; it can be used at once. */
  async put(sha256: string, bytes: Buffer): Promise<void> {
    if (this.has(sha256)) return;
    this.#fresh.set(sha256, bytes);
    try {
      // What came with it is kept with the order too: after a power cut it is put here again.
      await writeWhole(this.path(sha256), bytes, { durable: false });
      this.#verified.add(sha256);
      this.#fresh.delete(sha256);
    } catch (error) {
      // On a disk that takes nothing it is shown from memory, as long as there is room for it.
      for (const oldest of this.#fresh.keys()) if (this.#fresh.size > MOST_FRESH) this.#fresh.delete(oldest);
      throw error;
    }
  }

  /** What of a plan's media is not here. A file whose bytes are not those of its name is thrown out. */
  async missing(blobs: readonly PlanBlob[]): Promise<PlanBlob[]> {
    const missing: PlanBlob[] = [];
    for (const blob of blobs) {
      if (this.#fresh.has(blob.sha256)) continue;
      const size = await stat(this.path(blob.sha256)).then(
        (found) => found.size,
        () => null,
      );
      if (size === blob.bytes && (this.#verified.has(blob.sha256) || (await this.verify(blob.sha256))))
        continue;
      if (size !== null) await this.discard(blob.sha256);
      missing.push(blob);
    }
    return missing;
  }

  /** Reads the file and compares; false, and thrown out, when the bytes are no longer those of the name. */
  async verify(sha256: string): Promise<boolean> {
    if (!this.has(sha256)) return false;
    if (this.#fresh.has(sha256)) return true;
    if ((await hashOf(this.path(sha256))) === sha256) {
      this.#verified.add(sha256);
      return true;
    }
    await this.discard(sha256);
    return false;
  }

  async discard(sha256: string): Promise<void> {
    this.#fresh.delete(sha256);
    this.#verified.delete(sha256);
    await remove(this.path(sha256));
  }

  /**
   * Lets go of what is not named, the oldest first, until the rest fits: into the share of the disk that the device gives
   * to its cache, where it has one, else until nothing is left that is not named. What is named stays, whatever it takes.
   * @param more bytes that are about to come.
   */
  async keepOnly(named: ReadonlySet<string>, more = 0): Promise<void> {
    const files: { name: string; bytes: number; at: number }[] = [];
    for (const name of await readdir(this.#dir)) {
      const found = await stat(join(this.#dir, name)).catch(() => null);
      if (found !== null) files.push({ name, bytes: found.size, at: found.mtimeMs });
    }
    let bytes = files.reduce((sum, file) => sum + file.bytes, more);
    for (const file of files.sort((one, other) => one.at - other.at)) {
      if (bytes <= this.#limitBytes) return;
      const sha256 = file.name.replace(/\.part$/, '');
      if (named.has(sha256)) continue;
      this.#verified.delete(sha256);
      await remove(join(this.#dir, file.name));
      bytes -= file.bytes;
    }
  }
}
