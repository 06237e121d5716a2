import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanBlob } from '#devices/plan';
import { hashOf } from './download.ts';
import { makeDirectory } from './whole-file.ts';

/** The device's media, by hash. A file under its own name is whole; what is not yet is called `.part`. */
export class Cache {
  readonly #dir: string;
  /** Hashed since this power-up: a card that was taken out and written elsewhere is noticed at the next boot. */
  readonly #verified = new Set<string>();

  constructor(dir: string) {
    this.#dir = join(dir, 'blobs');
  }

  async open(): Promise<void> {
    await makeDirectory(this.#dir);
  }

  path(sha256: string): string {
    return join(this.#dir, sha256);
  }

  has(sha256: string): boolean {
    return existsSync(this.path(sha256));
  }

  /** What of a plan's media is not here. A file whose bytes are not those of its name is thrown out. */
  async missing(blobs: readonly PlanBlob[]): Promise<PlanBlob[]> {
    const missing: PlanBlob[] = [];
    for (const blob of blobs) {
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
    if ((await hashOf(this.path(sha256))) === sha256) {
      this.#verified.add(sha256);
      return true;
    }
    await this.discard(sha256);
    return false;
  }

  async discard(sha256: string): Promise<void> {
    this.#verified.delete(sha256);
    await rm(this.path(sha256), { force: true });
  }

  /** Lets go of everything, whole or not, that is not named. */
  async keepOnly(named: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#dir)) {
      const sha256 = name.replace(/\.part$/, '');
      if (named.has(sha256)) continue;
      this.#verified.delete(sha256);
      await rm(join(this.#dir, name), { force: true });
    }
  }
}
