import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';

/** Kept free for the database, whose log must always have room. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/**
 * The directory `incoming`: one directory per file on its way in, named by the asset's id, gone when it is done.
 */
export class Workplace {
  readonly #root: string;

  constructor(root: string) {
    this.#root = path.resolve(root);
  }

  /** Ids come from us alone; a slip must not reach another directory. */
  directory(id: string): string {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) throw new Error(`${JSON.stringify(id)} is not an id`);
    return path.join(this.#root, id);
  }

  async open(id: string): Promise<string> {
    const directory = this.directory(id);
    await mkdir(directory, { recursive: true });
    return directory;
  }

  async clear(id: string): Promise<void> {
    await rm(this.directory(id), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes everything but the work of these. */
  async sweep(keep: ReadonlySet<string>): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    for (const name of await readdir(this.#root)) {
      if (!keep.has(name))
        await rm(path.join(this.#root, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /** Bytes that may still be written. */
  async room(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root);
    return bavail * bsize - RESERVE_BYTES;
  }
}
