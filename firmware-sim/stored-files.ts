import type { Rendition } from '#devices/broadcast';
import type { Cache } from './cache.ts';
import type { Gatherer } from './gatherer.ts';

export interface StoredFilesDesk {
  readonly cache: Pick<Cache, 'has'>;
  /** One that goes on until every file is here. */
  readonly gatherer: Pick<Gatherer, 'gather'>;
  /** So many bytes are about to come: what nobody needs may have to go. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  /** All of them are here. */
  readonly onHeld: () => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Sirens and stored emergency messages: fetched before anything else, with a plan or without one, and never let go while
 * they are desired, so that an emergency sounds without a download.
 */
export class StoredFiles {
  readonly #desk: StoredFilesDesk;
  #wanted: readonly Rendition[] = [];
  #abort = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(desk: StoredFilesDesk) {
    this.#desk = desk;
  }

  /** From now on these, and no others. */
  desired(files: readonly Rendition[]): void {
    const same = files.length === this.#wanted.length;
    if (same && files.every(({ sha256 }, index) => sha256 === this.#wanted[index]?.sha256)) return;
    this.#wanted = files;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#work = this.#work.then(() => this.#fetch(files, signal)).catch(this.#desk.onTrouble);
  }

  /** One of them was found damaged, and is gone. */
  again(sha256: string): void {
    if (!this.#wanted.some((file) => file.sha256 === sha256)) return;
    const files = this.#wanted;
    this.#wanted = [];
    this.desired(files);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#wanted = [];
    await this.#work;
  }

  /** Files that are needed though no plan names them. */
  *files(): Iterable<string> {
    for (const { sha256 } of this.#wanted) yield sha256;
  }

  /** How many are here, of how many; undefined when none are desired. */
  get held(): { held: number; of: number } | undefined {
    const of = this.#wanted.length;
    if (of === 0) return undefined;
    return { held: this.#wanted.filter(({ sha256 }) => this.#desk.cache.has(sha256)).length, of };
  }

  async #fetch(files: readonly Rendition[], signal: AbortSignal): Promise<void> {
    const { gatherer, cache, makeRoom, onHeld } = this.#desk;
    if (signal.aborted || files.length === 0) return;
    const missing = files.filter(({ sha256 }) => !cache.has(sha256));
    if (missing.length > 0) await makeRoom(missing.reduce((sum, { bytes }) => sum + bytes, 0));
    if (await gatherer.gather(files, Number.POSITIVE_INFINITY, signal)) onHeld();
  }
}
