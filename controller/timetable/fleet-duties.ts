import { Capabilities, type Codec, DeviceKind } from '#devices/kind';
import { type PlannedDevice, planKey } from '#schedules/plan';
import type { Schedule } from '#schedules/schedule';
import { breathe, slices } from '../breathe.ts';
import type { Store } from '../database/open.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import { schedulesOfDevices } from './following.ts';
import { loadPlanned } from './schedule-rows.ts';

/** Devices of one class that follow the same schedules, and so share one plan. */
export interface DutyGroup {
  /** One of them stands for all; its id is the key. */
  readonly key: string;
  readonly model: PlannedDevice;
  readonly devices: string[];
}

const SLICE = 500;

/** Which codec to plan for: Opus, since it is smaller, wherever the device knows it. */
function codecOf(capabilities: string): Codec | null {
  const { codecs } = Capabilities.parse(JSON.parse(capabilities));
  return codecs.includes('opus') ? 'opus' : (codecs[0] ?? null);
}

/** The devices that are there, with the schedules that they are to follow, ready or not. */
export async function plannedDevices(
  store: Store,
  ids: ReadonlySet<string>,
  guards: Pick<SiteGuards, 'ofDevices'>,
): Promise<PlannedDevice[]> {
  const statement = store.sqlite.prepare<[string], { id: string; kind: string; capabilities: string }>(
    `SELECT d.id, d.kind, d.capabilities FROM json_each(?) j JOIN device d ON d.id = j.value
      WHERE d.removed_at IS NULL`,
  );
  const codecs = new Map<string, Codec | null>();
  const devices: PlannedDevice[] = [];
  // One list for all that follow the same schedules: what is reckoned of it is reckoned once.
  const lists = new Map<ReadonlySet<string>, readonly string[]>();
  const nothing: readonly string[] = [];
  for (const slice of slices([...ids], SLICE)) {
    const schedules = schedulesOfDevices(store, slice);
    const hours = guards.ofDevices(slice);
    for (const row of statement.all(JSON.stringify(slice))) {
      const kind = DeviceKind.parse(row.kind);
      const codec = codecs.get(row.capabilities) ?? codecOf(row.capabilities);
      codecs.set(row.capabilities, codec);
      const followed = schedules.get(row.id);
      const list = followed === undefined ? nothing : (lists.get(followed) ?? [...followed].sort());
      if (followed !== undefined) lists.set(followed, list);
      const own = hours.get(row.id);
      devices.push({
        id: row.id,
        kind,
        codec: kind === 'board' ? null : codec,
        schedules: list,
        // A board makes no noise: nothing that guards the night or the ears bears on it.
        ...(own === undefined || kind === 'board' ? {} : { hours: own }),
      });
    }
    await breathe();
  }
  return devices;
}

/** The schedules that any of the devices follows and that have something to play, by id. */
export async function followedSchedules(
  store: Store,
  devices: readonly PlannedDevice[],
): Promise<Map<string, Schedule>> {
  const ids = new Set([...new Set(devices.map((device) => device.schedules))].flat());
  const schedules = new Map<string, Schedule>();
  for (const slice of slices([...ids], SLICE)) {
    for (const schedule of loadPlanned(store, slice)) {
      // What is made while it is heard no device can plan; the controller starts it.
      if (schedule.content.parts.every(({ live }) => live === true)) continue;
      schedules.set(schedule.id, schedule);
    }
    await breathe();
  }
  return schedules;
}

export function groupByDuties(
  devices: readonly PlannedDevice[],
  schedules: ReadonlyMap<string, Schedule>,
): DutyGroup[] {
  const groups = new Map<string, DutyGroup>();
  const ready = new Map<readonly string[], readonly string[]>();
  for (const device of devices) {
    const followed = ready.get(device.schedules) ?? device.schedules.filter((id) => schedules.has(id));
    ready.set(device.schedules, followed);
    const key = planKey({ ...device, schedules: followed });
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { key, model: { ...device, id: key, schedules: followed }, devices: [device.id] });
    } else group.devices.push(device.id);
  }
  return [...groups.values()];
}
