import { PriorityClass, ResumePolicy } from '#devices/plan';
import type { Store } from '../database/open.ts';
import type { DayItem } from '../http/contract/device-day.ts';
import { schedulesOfDevices } from '../timetable/following.ts';
import { dueKey, dueRelays } from './agenda.ts';

/** The relays that schedules have for a device and that start in `[from, to)`; no plan holds them. */
export function relaysToCome(
  store: Store,
  device: string,
  from: number,
  to: number,
): Omit<DayItem, 'stands'>[] {
  if (to <= from) return [];
  const followed = schedulesOfDevices(store, [device]).get(device);
  return dueRelays(store, from, to)
    .filter(({ schedule }) => followed?.has(schedule.id) === true)
    .map((due) => ({
      ...{ id: dueKey(due), title: due.schedule.title, source: 'schedule', sourceId: due.schedule.id },
      priority: PriorityClass.parse(due.schedule.priority),
      resume: ResumePolicy.parse(due.schedule.resume),
      ...{ startAt: due.startAt, endAt: due.endAt, notAfter: due.startAt + due.schedule.max_lateness_ms },
      ...{ withheld: null, held: null, play: null, heard: [] },
    }));
}
