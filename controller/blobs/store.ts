import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Store } from '../database/open.ts';

export interface Blob {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Files named by their SHA-256, written once and never changed. A file appears whole: hashed under a temporary name,
 * flushed, renamed, and only then entered in the table `blob`.
 */
export class BlobStore {
  readonly #root: string;
  readonly #store: Store;
  /** Names that are being entered just now; see `remove`. */
  readonly #adopting = new Map<string, number>();

  /** @param root a directory; created on first use. Temporary files to adopt must be on the same file system. */
  constructor(root: string, store: Store) {
    this.#root = root;
    this.#store = store;
  }

  /** Where the blob is. The name must be a checked SHA-256: it becomes part of a path. */
  path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`${JSON.stringify(sha256)} is not a SHA-256`);
    return path.join(this.#root, sha256.slice(0, 2), sha256);
  }

  /** Takes over a finished temporary file, which is gone afterwards. The same content twice is one blob. */
  async adopt(file: string, type: string, now: number): Promise<Blob> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const sha256 = hash.digest('hex');
    this.#adopting.set(sha256, (this.#adopting.get(sha256) ?? 0) + 1);
    try {
      return await this.#enter(file, sha256, type, now);
    } finally {
      const others = (this.#adopting.get(sha256) ?? 1) - 1;
      if (others > 0) this.#adopting.set(sha256, others);
      else this.#adopting.delete(sha256);
    }
  }

  async #enter(file: string, sha256: string, type: string, now: number): Promise<Blob> {
    const { size: bytes } = await stat(file);
    const target = this.path(sha256);
    await mkdir(path.dirname(target), { recursive: true });
    await flush(file);
    await rename(file, target);
    await flush(path.dirname(target));
    this.#store.sqlite
      .prepare(
        // Stored again, it is young again: whoever named it in this moment has time to say so before it is cleared away.
        `INSERT INTO blob (sha256, bytes, type, created_at) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at)`,
      )
      .run(sha256, bytes, type, now);
    return { sha256, bytes };
  }

  /**
   * Deletes a blob that nothing refers to any more. The row goes first: a file without a row is waste, a row without
   * a file would be a lie. One that is being adopted again at this moment stays.
   * @throws when a row still refers to it.
   */
  remove(sha256: string): boolean {
    if (this.#adopting.has(sha256)) return false;
    this.#store.sqlite.prepare('DELETE FROM blob WHERE sha256 = ?').run(sha256);
    rmSync(this.path(sha256), { force: true });
    return true;
  }

  /** For small content that is already in memory, such as a scene. */
  async put(content: Uint8Array, type: string, now: number): Promise<Blob> {
    await mkdir(this.#root, { recursive: true });
    const temporary = path.join(this.#root, `.${crypto.randomUUID()}`);
    try {
      await writeFile(temporary, content);
      return await this.adopt(temporary, type, now);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

/** Makes a file, or the names in a directory, survive a power cut. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
