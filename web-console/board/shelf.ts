import { type Database, DURABLE } from './database.ts';

/** The bytes that came are not the ones that were named. Nothing of them is kept. */
export class WrongContent extends Error {}

/** Lower-case hexadecimal SHA-256, by the browser. */
export async function sha256Of(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The files that this board holds, by their hash. A file comes in only whole and right, and is hashed again whenever it is
 * taken out: what lies here is never drawn because it lies here, only because it is what was signed.
 */
export class Shelf {
  readonly #database: Database;
  /** Those that are here, and their sizes. */
  readonly #sizes = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  async open(): Promise<void> {
    for (
      let cursor = await this.#database.transaction('blobs').store.openCursor();
      cursor !== null;
      cursor = await cursor.continue()
    ) {
      this.#sizes.set(cursor.key, cursor.value.content.size);
    }
  }

  has(sha256: string): boolean {
    return this.#sizes.has(sha256);
  }

  missing<F extends { readonly sha256: string }>(files: readonly F[]): F[] {
    return files.filter(({ sha256 }) => !this.has(sha256));
  }

  /** @throws WrongContent when the bytes are not those of the name. */
  async put(sha256: string, bytes: Uint8Array<ArrayBuffer>, heldAt: number): Promise<void> {
    if ((await sha256Of(bytes)) !== sha256) throw new WrongContent(`other bytes came than ${sha256} names`);
    const change = this.#database.transaction('blobs', 'readwrite', DURABLE);
    await change.store.put({ content: new Blob([bytes]), heldAt }, sha256);
    await change.done;
    this.#sizes.set(sha256, bytes.length);
  }

  /** The bytes, hashed again; null when there are none, or others than the name says: those are thrown out. */
  async take(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const held = await this.#database.get('blobs', sha256).catch(() => undefined);
    const bytes = await held?.content.arrayBuffer().catch(() => undefined);
    if (bytes !== undefined && (await sha256Of(bytes)) === sha256) return new Uint8Array(bytes);
    if (this.#sizes.delete(sha256) || held !== undefined) await this.#database.delete('blobs', sha256);
    return null;
  }

  /** Lets go of everything that nobody names. */
  async keepOnly(named: ReadonlySet<string>): Promise<void> {
    for (const sha256 of [...this.#sizes.keys()]) {
      if (named.has(sha256)) continue;
      this.#sizes.delete(sha256);
      await this.#database.delete('blobs', sha256);
    }
  }
}
