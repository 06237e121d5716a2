import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { every } from './ticking.ts';

export interface RefusalNote {
  readonly device: string;
  /** Who refused: this process, the broker's rules, or the device itself. */
  readonly source: 'controller' | 'device' | 'broker';
  readonly reason: string;
  readonly topic: string;
  readonly detail: string | null;
  readonly count?: number;
}

export interface RefusalsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
}

const FLUSH_MS = 1_000;
const MOST_PENDING = 2_000;
/** Rows that one device may cause; what comes on top is counted under one topic. */
const MOST_PER_DEVICE = 50;
const REST = '(others)';

/** What was refused by, for or from a device, counted by reason and topic, so that a flood of it is a few rows. */
export class Refusals implements Component {
  readonly #deps: RefusalsDeps;
  readonly #pending = new Map<string, RefusalNote & { count: number }>();
  #end: (() => void) | undefined;

  constructor(deps: RefusalsDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#end = every(FLUSH_MS, 'storing refusals', this.#deps.log, () => this.flush());
  }

  async stop(): Promise<void> {
    this.#end?.();
    this.flush();
  }

  count(note: RefusalNote): void {
    const topic = note.topic.slice(0, 120);
    const key = `${note.device} ${note.source} ${note.reason} ${topic}`;
    const known = this.#pending.get(key);
    if (known === undefined && this.#pending.size >= MOST_PENDING) return;
    const detail = note.detail === null ? null : note.detail.slice(0, 300);
    this.#pending.set(key, { ...note, topic, detail, count: (known?.count ?? 0) + (note.count ?? 1) });
  }

  /** Writes what was counted. Devices that do not exist leave no rows. */
  flush(): void {
    if (this.#pending.size === 0) return;
    const notes = [...this.#pending.values()];
    const { store, clock, changes, log } = this.#deps;
    const now = clock.now();
    const { sqlite } = store;
    const exists = sqlite.prepare<[string], number>('SELECT 1 FROM device WHERE id = ?').pluck();
    const rows = sqlite.prepare<[string], number>('SELECT count(*) FROM refusal WHERE device_id = ?').pluck();
    const add = sqlite.prepare(
      `UPDATE refusal SET count = count + ?, last_at = ?, detail = ?
        WHERE device_id = ? AND source = ? AND reason = ? AND topic = ?`,
    );
    const insert = sqlite.prepare(
      `INSERT INTO refusal (device_id, source, reason, topic, count, first_at, last_at, detail)
        VALUES (@device, @source, @reason, @topic, @count, @now, @now, @detail)
        ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at, detail = excluded.detail`,
    );
    const touched = new Set<string>();
    sqlite.transaction(() => {
      for (const note of notes) {
        const { device, source, reason, topic, detail, count } = note;
        if (exists.get(device) === undefined) continue;
        touched.add(device);
        if (add.run(count, now, detail, device, source, reason, topic).changes > 0) continue;
        const full = (rows.get(device) ?? 0) >= MOST_PER_DEVICE;
        insert.run({ device, source, reason, topic: full ? REST : topic, detail, count, now });
      }
    })();
    this.#pending.clear();
    for (const { device, source, reason, topic, count, detail } of notes) {
      log.warn({ device, source, reason, topic, count, detail }, 'refused');
    }
    for (const device of touched) changes.announce('refusal', device);
  }
}
