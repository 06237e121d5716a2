import type { BoardReport, Heartbeat } from '#devices/messages/heartbeat';
import { FROZEN, frozenSince } from '../boards/frozen.ts';
import type { Changes } from '../changes.ts';
import type { Store } from '../database/open.ts';

/**
 * The controller's own judgement of which boards have stopped drawing, from how long ago each says that it drew last. A
 * picture that stands still and a renderer that stands still look alike; the device may not notice, and be well
 * otherwise. Kept in memory for boards alone, written when it changes.
 */
export class FrozenBoards {
  readonly #store: Store;
  readonly #changes: Changes;
  /** By device: its last account of its panel, and since when it is frozen. */
  readonly #boards = new Map<string, { report: BoardReport; since: number | null }>();

  /** Writes of many devices share one transaction. */
  readonly #write: (work: () => void) => void;

  constructor(store: Store, changes: Changes, write: (work: () => void) => void) {
    this.#store = store;
    this.#changes = changes;
    this.#write = write;
  }

  /** A whole heartbeat. @returns its faults, with this one where it holds. */
  beat(device: string, { board, faults }: Heartbeat, at: number): readonly string[] {
    if (board === undefined) return faults;
    return this.#judge(device, board, faults, at);
  }

  /** A short one. @param drawnAgoMs as it says. @returns whether it stands still; null where it does not say. */
  same(device: string, drawnAgoMs: number | undefined, at: number): boolean | null {
    const known = this.#boards.get(device);
    if (known === undefined || drawnAgoMs === undefined) return null;
    return this.#judge(device, { ...known.report, drawnAgoMs }, [], at).length > 0;
  }

  #judge(device: string, report: BoardReport, faults: readonly string[], at: number): readonly string[] {
    const before = this.#boards.get(device)?.since ?? this.#stored(device);
    const found = frozenSince(report, at, { known: before, told: faults.includes(FROZEN) });
    // Told again, it is the same trouble since the same moment.
    const since = found === null ? null : (before ?? found);
    this.#boards.set(device, { report, since });
    if (since !== before) {
      this.#write(() => {
        this.#store.sqlite.prepare('UPDATE device SET frozen_since = ? WHERE id = ?').run(since, device);
        this.#changes.announce('device', device);
        this.#changes.announce('board', device);
      });
    }
    return since === null || faults.includes(FROZEN) ? faults : [...faults, FROZEN];
  }

  /** From before this life of the program. */
  #stored(device: string): number | null {
    if (this.#boards.has(device)) return null;
    return (
      this.#store.sqlite
        .prepare<[string], number | null>('SELECT frozen_since FROM device WHERE id = ?')
        .pluck()
        .get(device) ?? null
    );
  }
}
