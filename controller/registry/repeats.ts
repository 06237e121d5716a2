import type { Heartbeat } from '#devices/messages/heartbeat';
import type { Store } from '../database/open.ts';
import { quarterOf } from './roll-up.ts';

/** The last whole heartbeat of a device, and how often it was said since that nothing had changed. */
interface Tally {
  readonly n: number;
  /** It had no record to deliver, and so has none at each short one. */
  readonly drained: boolean;
  /** The row of it, by its `received_at`. */
  row: number;
  count: number;
  until: number;
  /** When the oldest one was heard that is not in the database. */
  since: number;
}

/** So many short ones to be added to a row; and a row of the same words for those of the next quarter-hour. */
interface Entry {
  readonly device: string;
  readonly row: number;
  readonly count: number;
  readonly until: number;
  readonly copyTo: number | null;
  readonly drained: boolean;
}

/**
 * What a crash may cost: counts of this last minute, and nothing else. The playback log concludes from a drained outbox that
 * no record is to come, so that it may not wait for long either.
 */
const SAVED_EVERY_MS = 60_000;
/** At the end of a quarter-hour everyone is due at once. */
const IN_ONE_GO = 1_000;

/**
 * Short heartbeats, which are most of them. Each is a number in memory; their count goes into the row of the whole one
 * every minute, many devices at once. A row counts for one quarter-hour only: the first short one of the next has
 * a row of its own, so that each quarter-hour can be rolled up by itself.
 */
export class Repeats {
  readonly #tallies = new Map<string, Tally>();
  /** Devices with something that is not in the database, the oldest first. */
  readonly #waiting = new Set<string>();
  readonly #due: Entry[] = [];

  /** A whole heartbeat came, and will be stored in that row. Without `n` no short ones follow. */
  whole(device: string, { n, outbox }: Pick<Heartbeat, 'n' | 'outbox'>, row: number): void {
    const before = this.#tallies.get(device);
    if (before !== undefined) this.#toDue(device, before, null);
    if (n === undefined) this.#tallies.delete(device);
    else this.#tallies.set(device, { n, drained: outbox === 0, row, count: 0, until: row, since: 0 });
  }

  /** @returns false when the whole heartbeat that it refers to is not known here, as when it got lost. */
  heard(device: string, same: number, at: number): boolean {
    const tally = this.#tallies.get(device);
    if (tally === undefined || tally.n !== same) return false;
    if (quarterOf(at) !== quarterOf(tally.row)) {
      this.#toDue(device, tally, at);
      tally.row = at;
    } else {
      if (tally.count === 0) {
        tally.since = at;
        this.#waiting.add(device);
      }
      tally.count += 1;
    }
    tally.until = at;
    return true;
  }

  /** What should go into the database now, a little at a time. */
  due(now: number): readonly Entry[] {
    for (const device of this.#waiting) {
      const tally = this.#tallies.get(device);
      if (tally === undefined || this.#due.length >= IN_ONE_GO) break;
      if (quarterOf(tally.row) === quarterOf(now) && now - tally.since < SAVED_EVERY_MS) break;
      this.#toDue(device, tally, null);
    }
    return this.#due;
  }

  /** Everything of one device, or of all, whatever its age. */
  all(device?: string): readonly Entry[] {
    for (const id of device === undefined ? [...this.#waiting] : [device]) {
      const tally = this.#tallies.get(id);
      if (tally !== undefined) this.#toDue(id, tally, null);
    }
    return this.#due;
  }

  /** Within the caller's transaction; {@link written} is to be told when it is committed. */
  write({ sqlite }: Store, entries: readonly Entry[]): void {
    const count = sqlite.prepare(
      'UPDATE heartbeat SET repeats = repeats + ?, repeated_until = ? WHERE device_id = ? AND received_at = ?',
    );
    const heard = sqlite.prepare(
      `UPDATE device SET last_heard_at = max(coalesce(last_heard_at, 0), @at),
        outbox_empty_at = CASE WHEN @drained THEN max(coalesce(outbox_empty_at, 0), @at) ELSE outbox_empty_at END
        WHERE id = @device`,
    );
    const copy = sqlite.prepare(
      `INSERT OR IGNORE INTO heartbeat (device_id, received_at, body)
        SELECT device_id, ?, body FROM heartbeat WHERE device_id = ? AND received_at = ?`,
    );
    for (const { device, row, count: times, until, copyTo, drained } of entries) {
      if (times > 0) count.run(times, until, device, row);
      if (copyTo !== null) copy.run(copyTo, device, row);
      heard.run({ device, at: copyTo ?? until, drained: drained ? 1 : 0 });
    }
  }

  written(): void {
    this.#due.length = 0;
  }

  #toDue(device: string, tally: Tally, copyTo: number | null): void {
    this.#waiting.delete(device);
    if (tally.count === 0 && copyTo === null) return;
    const { row, count, until, drained } = tally;
    this.#due.push({ device, row, count, until, copyTo, drained });
    tally.count = 0;
  }
}
