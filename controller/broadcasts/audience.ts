import { z } from 'zod';
import { DeviceKind } from '#devices/kind';
import { EVERY_DEVICE } from '#devices/topics';
import type { Store } from '../database/open.ts';
import type { Target } from '../http/contract/schedules.ts';
import { devicesOfTargets } from '../timetable/reach.ts';

/** Whom one message is sent to: a group's topic (an area is a group, and so is every device), or one device's own. */
export const Address = z.object({ to: z.enum(['group', 'device']), id: z.string() });
export type Address = z.infer<typeof Address>;

/** A device that targets reach. */
export interface Listener {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly capabilities: string;
  /** The column `device.board`. */
  readonly board: string | null;
  readonly connected: boolean;
}

interface ListenerRow {
  readonly id: string;
  readonly kind: string;
  readonly capabilities: string;
  readonly board: string | null;
  readonly connected: number;
}
const LISTENER = 'SELECT d.id, d.kind, d.capabilities, d.board, d.connected';

/** The devices of targets; two queries at most, however many there are. */
export function listenersOf(store: Store, targets: readonly Target[]): Listener[] {
  const { sqlite } = store;
  const rows = targets.some(({ kind }) => kind === 'all')
    ? sqlite.prepare<[], ListenerRow>(`${LISTENER} FROM device d WHERE d.removed_at IS NULL`).all()
    : sqlite
        .prepare<[string], ListenerRow>(`${LISTENER} FROM json_each(?) j JOIN device d ON d.id = j.value`)
        .all(JSON.stringify([...devicesOfTargets(store, targets)]));
  return rows.map((row) => ({ ...row, kind: DeviceKind.parse(row.kind), connected: row.connected === 1 }));
}

/**
 * The fewest messages that reach all targets: one for each group, none for what another target holds already.
 * Groups that overlap otherwise have a message each, and a device in both hears both.
 */
export function addressesOf(store: Store, targets: readonly Target[]): Address[] {
  if (targets.some(({ kind }) => kind === 'all')) return [{ to: 'group', id: EVERY_DEVICE }];
  const areas = outermost(store, idsOf(targets, 'area'));
  const groups = [...areas, ...idsOf(targets, 'group')];
  const single = idsOf(targets, 'device');
  const inGroups =
    single.length === 0
      ? new Set<string>()
      : devicesOfTargets(
          store,
          targets.filter(({ kind }) => kind !== 'device'),
        );
  return [
    ...groups.map((id): Address => ({ to: 'group', id })),
    ...single.filter((id) => !inGroups.has(id)).map((id): Address => ({ to: 'device', id })),
  ];
}

const idsOf = (targets: readonly Target[], wanted: Target['kind']): string[] =>
  targets.filter(({ kind }) => kind === wanted).map(({ id }) => id);

/** Of some areas those that lie in no other of them: a device hears its own area and every area above. */
function outermost({ sqlite }: Store, areas: readonly string[]): string[] {
  if (areas.length < 2) return [...areas];
  const inner = new Set(
    sqlite
      .prepare<[string], string>(
        `WITH RECURSIVE wanted(id) AS (SELECT value FROM json_each(?)),
          above(area, id) AS (
            SELECT a.id, a.parent_id FROM wanted w JOIN area a ON a.id = w.id WHERE a.parent_id IS NOT NULL
            UNION SELECT x.area, a.parent_id FROM above x JOIN area a ON a.id = x.id WHERE a.parent_id IS NOT NULL
          )
          SELECT DISTINCT area FROM above WHERE id IN (SELECT id FROM wanted)`,
      )
      .pluck()
      .all(JSON.stringify(areas)),
  );
  return areas.filter((id) => !inner.has(id));
}
