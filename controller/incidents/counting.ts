import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { IncidentRows, newestAlert } from './incident-rows.ts';
import { ANSWER_MS, countsOfMessage } from './reached.ts';

export interface CountingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
}

/** A person sees four new numbers a second; more often they are not worth a write. */
const EVERY_MS = 250;

/**
 * Keeps each incident's figures beside it: counted anew when its broadcasts change, a few times a second at most, so
 * that no page has to count ten thousand devices to be shown.
 */
export class Counting implements Component {
  readonly #deps: CountingDeps;
  readonly #rows: IncidentRows;
  readonly #soon = new Map<string, NodeJS.Timeout>();
  readonly #later = new Set<NodeJS.Timeout>();
  #end: (() => void) | undefined;
  #stopped = false;

  constructor(deps: CountingDeps) {
    this.#deps = deps;
    this.#rows = new IncidentRows(deps.store);
  }

  async start(): Promise<void> {
    this.#end = this.#deps.changes.listen((entity, id) => {
      if (entity !== 'broadcast') return;
      const incident = this.#rows.ofBroadcast(id);
      if (incident !== undefined) this.#touch(incident);
    });
    for (const { id } of this.#rows.active()) this.begun(id);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end?.();
    for (const timer of [...this.#soon.values(), ...this.#later]) clearTimeout(timer);
  }

  /** Something of it went out just now: it is counted at once, and when those who said nothing are silent. */
  begun(incident: string): void {
    this.count(incident);
    if (this.#stopped) return;
    const timer = setTimeout(
      () => {
        this.#later.delete(timer);
        this.#touch(incident);
      },
      ANSWER_MS + EVERY_MS * 3,
    );
    this.#later.add(timer);
  }

  /** Counts now, writes it down, and tells. */
  count(id: string): void {
    const { store, clock, changes } = this.#deps;
    const message = newestAlert(this.#rows.messages(id));
    if (message === undefined) return;
    const counts = JSON.stringify(countsOfMessage(store, message.id, clock.now()));
    if (counts !== this.#rows.incident(id).counts) this.#rows.change(id, { counts });
    changes.announce('incident', id);
  }

  #touch(incident: string): void {
    if (this.#stopped || this.#soon.has(incident)) return;
    const timer = setTimeout(() => {
      this.#soon.delete(incident);
      this.count(incident);
    }, EVERY_MS);
    this.#soon.set(incident, timer);
  }
}
