import type { Store } from '../database/open.ts';
import type { Target } from '../http/contract/schedules.ts';

/** As many as an incident may have. */
export const MOST_TARGETS = 200;

interface Node {
  readonly id: string;
  readonly parent: string | null;
  /** Devices of the area itself, and of those the ones that are meant. */
  total: number;
  readonly meant: string[];
  readonly below: Node[];
}

/**
 * Few targets for many devices: an area for all of its devices, everybody for all there are. Where there are too many
 * left, the area with the most of them is taken whole: who is warned needlessly is better off than who is not.
 * @param also targets that are there already, and count.
 */
export function gatherTargets(store: Store, devices: ReadonlySet<string>, also: readonly Target[]): Target[] {
  const distinct = new Map(also.map((target) => [`${target.kind} ${target.id}`, target]));
  if (devices.size === 0) return [...distinct.values()];
  const { roots, stray, everybody } = forest(store, devices);
  if (devices.size === everybody) return [{ kind: 'all', id: '' }];
  const whole: Node[] = [];
  const parted: Node[] = [];
  for (const root of roots) part(root, whole, parted);
  const few = (): number =>
    distinct.size + whole.length + stray.length + parted.reduce((sum, { meant }) => sum + meant.length, 0);
  parted.sort((a, b) => b.meant.length - a.meant.length);
  for (let next = parted[0]; few() > MOST_TARGETS && next !== undefined; next = parted[0]) {
    whole.push(next);
    parted.shift();
  }
  if (few() > MOST_TARGETS) return [{ kind: 'all', id: '' }];
  return [
    ...distinct.values(),
    ...whole.map(({ id }): Target => ({ kind: 'area', id })),
    ...[...parted.flatMap(({ meant }) => meant), ...stray].map((id): Target => ({ kind: 'device', id })),
  ];
}

/** Sorts areas into those that are meant whole, the highest only, and those of which some devices are. */
function part(node: Node, whole: Node[], parted: Node[]): void {
  const { total, meant } = summed(node);
  if (meant === 0) return;
  if (meant === total) {
    whole.push(node);
    return;
  }
  if (node.meant.length > 0) parted.push(node);
  for (const child of node.below) part(child, whole, parted);
}

function summed(node: Node): { total: number; meant: number } {
  let total = node.total;
  let meant = node.meant.length;
  for (const child of node.below) {
    const sum = summed(child);
    total += sum.total;
    meant += sum.meant;
  }
  return { total, meant };
}

/** The areas as a forest; the devices are counted by the database, and only those that are meant are named. */
function forest(
  { sqlite }: Store,
  devices: ReadonlySet<string>,
): { roots: Node[]; stray: string[]; everybody: number } {
  const rows = sqlite
    .prepare<[], { id: string; parent: string | null; total: number }>(
      `SELECT a.id, a.parent_id AS parent,
          (SELECT count(*) FROM device d WHERE d.area_id = a.id AND d.removed_at IS NULL) AS total
        FROM area a WHERE a.removed_at IS NULL`,
    )
    .all();
  const nodes = new Map(rows.map((row) => [row.id, { ...row, meant: [], below: [] } as Node]));
  const stray: string[] = [];
  const placed = sqlite
    .prepare<[string], { id: string; area: string | null }>(
      'SELECT d.id, d.area_id AS area FROM json_each(?) j JOIN device d ON d.id = j.value WHERE d.removed_at IS NULL',
    )
    .all(JSON.stringify([...devices]));
  for (const { id, area } of placed) {
    const node = area === null ? undefined : nodes.get(area);
    if (node === undefined) stray.push(id);
    else node.meant.push(id);
  }
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parent = node.parent === null ? undefined : nodes.get(node.parent);
    if (parent === undefined) roots.push(node);
    else parent.below.push(node);
  }
  const everybody = sqlite
    .prepare<[], number>('SELECT count(*) FROM device WHERE removed_at IS NULL')
    .pluck()
    .get();
  return { roots, stray, everybody: everybody ?? 0 };
}
