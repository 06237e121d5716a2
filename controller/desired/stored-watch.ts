import type { Logger } from 'pino';
import type { Changes, Entity } from '../changes.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { DesiredDocuments } from './documents.ts';
import { boardsWithProgrammes, fallbacksNow } from './fallback-watch.ts';
import { storedItems } from './stored.ts';

export interface StoredWatchDeps {
  readonly store: Store;
  readonly changes: Changes;
  readonly log: Logger;
  readonly desired: Pick<DesiredDocuments, 'refresh'>;
}

/** Changes that may be of something that devices store; most of them are not. */
const CONCERNS: ReadonlySet<Entity> = new Set<Entity>(['asset', 'stored-message', 'policy', 'programme']);
/** Of many changes in a row, as when several messages are spoken, the devices are told once. */
const SOON_MS = 200;

/**
 * Gives every device a new document when what all of them store has changed, and boards when a programme that stands on
 * some of them for want of anything else has.
 */
export class StoredWatch implements Component {
  readonly #deps: StoredWatchDeps;
  #end: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #known = '';
  #fallbacks = '';

  constructor(deps: StoredWatchDeps) {
    this.#deps = deps;
  }

  /** What is stored now is in the documents that are published when the link comes to stand. */
  async start(): Promise<void> {
    this.#known = this.#now();
    this.#fallbacks = fallbacksNow(this.#deps.store);
    this.#end = this.#deps.changes.listen((entity) => {
      if (CONCERNS.has(entity)) this.#timer ??= setTimeout(() => this.#look(), SOON_MS);
    });
  }

  async stop(): Promise<void> {
    this.#end?.();
    clearTimeout(this.#timer);
  }

  #now(): string {
    return JSON.stringify(storedItems(this.#deps.store));
  }

  #look(): void {
    this.#timer = undefined;
    const { store, desired, log } = this.#deps;
    const now = this.#now();
    const fallbacks = fallbacksNow(store);
    if (fallbacks !== this.#fallbacks) {
      this.#fallbacks = fallbacks;
      void desired.refresh(boardsWithProgrammes(store));
    }
    if (now === this.#known) return;
    this.#known = now;
    const devices = store.sqlite
      .prepare<[], string>('SELECT id FROM device WHERE removed_at IS NULL ORDER BY id')
      .pluck()
      .all();
    log.info({ devices: devices.length }, 'what every device stores has changed');
    void desired.refresh(devices);
  }
}
