import type { Entity } from '../changes.ts';
import type { Store } from '../database/open.ts';
import type { PlanShelf } from './plan-shelf.ts';
import { devicesOfArea, devicesOfSchedules } from './reach.ts';

/** Beyond so many names it is cheaper, and bounded, to look at everything. */
const MANY = 5_000;

/**
 * Gathers the names of what changed, and tells whose plan may have to change for it. A change of content concerns the
 * devices that its schedules reach now, and those that still hold something of them. A change of a device concerns it
 * only if it is to follow other schedules than before, which the planner looks up: devices change every few seconds.
 */
export class Concern {
  readonly #names: Partial<Record<Entity, Set<string>>> = {};
  #count = 0;
  #everything = false;

  add(entity: Entity, id: string): void {
    // Of what an administrator decides for the site only the guards bear on plans, and they on all of them.
    if (entity === 'policy' && id !== 'guards') return;
    if (entity === 'policy') this.addAll();
    if (this.#everything) return;
    const names = this.#names[entity] ?? new Set();
    this.#names[entity] = names;
    if (names.has(id)) return;
    names.add(id);
    this.#count += 1;
    if (this.#count > MANY) this.addAll();
  }

  addAll(): void {
    this.#everything = true;
    for (const entity of Object.keys(this.#names) as Entity[]) delete this.#names[entity];
  }

  get empty(): boolean {
    return !this.#everything && this.#count === 0;
  }

  /** `certain` are to be planned anew; of `perhaps` only those whose schedules are others than before. */
  devices(store: Store, shelf: PlanShelf): { certain: Set<string>; perhaps: Set<string> } {
    if (this.#everything) return { certain: everyDevice(store), perhaps: new Set() };
    const schedules = new Set(this.#names.schedule);
    for (const [entity, sql] of Object.entries(SCHEDULES_OF) as [keyof typeof SCHEDULES_OF, string][]) {
      const ids = this.#names[entity];
      if (ids === undefined) continue;
      const found = store.sqlite.prepare<[{ ids: string }], string>(sql).pluck();
      for (const id of found.all({ ids: JSON.stringify([...ids]) })) schedules.add(id);
    }
    const certain = new Set<string>();
    if (schedules.size > 0) {
      for (const id of devicesOfSchedules(store, schedules)) certain.add(id);
      for (const id of shelf.holdersOf(schedules)) certain.add(id);
    }
    const perhaps = new Set(this.#names.device);
    for (const area of this.#names.area ?? []) {
      for (const id of devicesOfArea(store, area)) perhaps.add(id);
    }
    for (const id of certain) perhaps.delete(id);
    return { certain, perhaps };
  }
}

/** Devices that are there, and retired ones that still have a plan. */
function everyDevice({ sqlite }: Store): Set<string> {
  return new Set(
    sqlite
      .prepare<[], string>(
        `SELECT id FROM device WHERE removed_at IS NULL
          UNION SELECT device_id FROM device_plan WHERE superseded_at IS NULL`,
      )
      .pluck()
      .all(),
  );
}

const IDS = '(SELECT value FROM json_each(@ids))';
const SCHEDULES_OF = {
  programme: `SELECT id FROM schedule WHERE programme_id IN ${IDS}
    UNION SELECT s.id FROM playlist_item i JOIN schedule s ON s.playlist_id = i.playlist_id
      WHERE i.programme_id IN ${IDS}`,
  playlist: `SELECT id FROM schedule WHERE playlist_id IN ${IDS}`,
  asset: `SELECT s.id FROM programme p JOIN schedule s ON s.programme_id = p.id WHERE p.asset_id IN ${IDS}
    UNION SELECT s.id FROM programme p JOIN playlist_item i ON i.programme_id = p.id
      JOIN schedule s ON s.playlist_id = i.playlist_id WHERE p.asset_id IN ${IDS}
    UNION SELECT s.id FROM playlist l JOIN schedule s ON s.playlist_id = l.id WHERE l.chime_asset_id IN ${IDS}`,
  group: `SELECT schedule_id FROM schedule_target WHERE kind = 'group' AND target_id IN ${IDS}`,
} as const satisfies Partial<Record<Entity, string>>;

/** What a plan depends on. */
export const PLANNED_ENTITIES: ReadonlySet<Entity> = new Set<Entity>([
  'schedule',
  'programme',
  'playlist',
  'asset',
  'device',
  'group',
  'area',
  'policy',
]);
