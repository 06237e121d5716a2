import type { Logger } from 'pino';
import type { AsRunRecord } from '#devices/as-run';
import type { Played } from '#devices/messages/played';
import type { Tell } from '#devices/messages/tell';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { type Gap, Gaps } from './gaps.ts';
import { Unplanned } from './unplanned.ts';
import { OPEN_PLAYS, type OpenPlay, type Settled, Verdicts } from './verdicts.ts';

export interface PlaybackDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  /** As `Link.tell`. */
  readonly tell: (device: string, tell: Tell) => void | Promise<void>;
}

interface Waiting {
  readonly device: string;
  readonly message: Played;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

interface Stored {
  readonly fresh: readonly AsRunRecord[];
  readonly gaps: readonly Gap[];
  readonly settled: readonly Settled[];
  /** Up to which the device may forget. */
  readonly seq: number;
}

/** Batches that share one commit, and batches that wait for theirs. */
const TOGETHER = 20;
const MOST_WAITING = 1_000;

/** A record that was just stored for the first time. */
export type PlayedListener = (played: { readonly device: string; readonly record: AsRunRecord }) => void;

/**
 * The devices' own evidence, stored once each. A batch is committed, with the verdicts that follow from it, before the
 * device is told that it may forget it; a batch that comes twice, or before its predecessor, ends in the same place.
 */
export class PlaybackLog {
  readonly #deps: PlaybackDeps;
  readonly #gaps: Gaps;
  readonly #verdicts: Verdicts;
  readonly #listeners = new Set<PlayedListener>();
  readonly #waiting: Waiting[] = [];

  constructor(deps: PlaybackDeps) {
    this.#deps = deps;
    this.#gaps = new Gaps(deps.store);
    this.#verdicts = new Verdicts(deps.store);
  }

  /** Listeners must not throw or wait. @returns a function that ends the listening. */
  onPlayed(listener: PlayedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The handler of `Link.on('played', …)`: the message is valid and the device is who it says. What comes while a commit
   * waits for the disk shares the next one. Beyond a thousand batches the rest is left to the device, which sends again
   * what was not acknowledged.
   */
  async receive(device: string, message: Played): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#deps.log.warn({ device }, 'Too many records at once; the device will send them again.');
      return;
    }
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ device, message, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const together = this.#waiting.splice(0, TOGETHER);
    if (this.#waiting.length > 0) setImmediate(() => this.#commit());
    if (!this.#commitAll(together)) for (const batch of together) this.#commitAll([batch]);
  }

  /** @returns false when one of several cannot be stored, and so none was: then each has to be tried alone. */
  #commitAll(batches: readonly Waiting[]): boolean {
    const now = this.#deps.clock.now();
    let stored: Stored[];
    try {
      stored = this.#deps.store.sqlite.transaction(() =>
        batches.map(({ device, message }) => this.#store(device, message, now)),
      )();
    } catch (error) {
      for (const { device } of batches) this.#gaps.forget(device);
      if (batches.length > 1) return false;
      for (const { reject } of batches) reject(error);
      return true;
    }
    for (const [index, batch] of batches.entries()) this.#answer(batch, stored[index]!);
    return true;
  }

  #answer({ device, message, resolve, reject }: Waiting, { fresh, gaps, settled, seq }: Stored): void {
    const { changes, log, tell } = this.#deps;
    for (const record of fresh) for (const listener of this.#listeners) listener({ device, record });
    for (const occurrence of new Set(settled.map((play) => play.occurrence))) {
      changes.announce('play', occurrence);
    }
    if (gaps.length > 0) {
      log.warn({ device, boot: message.boot, gaps }, 'The device lost as-run records.');
      changes.announce('device', device);
    }
    const told = tell(device, { v: 1, type: 'recorded', boot: message.boot, seq });
    Promise.resolve(told).then(resolve, reject);
  }

  #store(device: string, { boot: toldBoot, oldest, records }: Played, now: number): Stored {
    const base = this.#deps.store.sqlite
      .prepare<[string], number>('SELECT boot_base FROM device WHERE id = ?')
      .pluck()
      .get(device);
    const boot = toldBoot + (base ?? 0);
    const insert = this.#deps.store.sqlite.prepare(
      `INSERT INTO as_run (device_id, boot, seq, occurrence, started_at, ended_at, record, received_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    const fresh = records.filter((record) => {
      const { seq, occurrence, startedAt, endedAt } = record;
      const { changes } = insert.run(
        device,
        boot,
        seq,
        occurrence,
        startedAt,
        endedAt,
        JSON.stringify(record),
        now,
      );
      return changes > 0;
    });
    for (const { seq } of fresh) this.#gaps.reopen(device, boot, seq);
    const gaps = this.#gaps.note(device, boot, oldest, now);
    new Unplanned(this.#deps.store).enter(device, fresh);
    const settled = this.#settle(device, fresh, now);
    return { fresh, gaps, settled, seq: this.#gaps.contiguous(device, boot, oldest) };
  }

  #settle(device: string, records: readonly AsRunRecord[], now: number): Settled[] {
    const touched = JSON.stringify([...new Set(records.map((record) => record.occurrence))]);
    const plays = this.#deps.store.sqlite
      .prepare<[string, string], OpenPlay>(
        `${OPEN_PLAYS} WHERE p.device_id = ? AND p.occurrence IN (SELECT value FROM json_each(?))`,
      )
      .all(device, touched);
    return this.#verdicts.settle(plays, now);
  }
}
