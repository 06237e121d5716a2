import type { Store } from '../database/open.ts';
import type { Reach } from '../http/contract/broadcasts.ts';
import type { Target } from '../http/contract/schedules.ts';
import { devicesOfTargets } from '../timetable/reach.ts';

/** Targets as an address has them, `area:01J…,device:loa-…` or `all:`; kinds that there are not are left out. */
export function targetsOf(written: string): Target[] {
  return written.split(',').flatMap((one): Target[] => {
    const [kind, id = ''] = one.split(':');
    return kind === 'device' || kind === 'group' || kind === 'area' || kind === 'all' ? [{ kind, id }] : [];
  });
}

const CONNECTED = `d.status IN ('online','stale','fault')`;
const LIVE = `d.capabilities ->> 'live' = 1`;
const FIGURES = `
  SELECT count(*) AS devices, coalesce(sum(d.kind = 'board'), 0) AS boards, coalesce(sum(${CONNECTED}), 0) AS connected,
    coalesce(sum(${LIVE}), 0) AS live, coalesce(sum(${LIVE} AND ${CONNECTED}), 0) AS liveConnected`;

/** How many devices targets reach, counted by the database: an answer of one line, however many they are. */
export function reachOf(store: Store, targets: readonly Target[]): Reach {
  const { sqlite } = store;
  const found = targets.some(({ kind }) => kind === 'all')
    ? sqlite.prepare<[], Reach>(`${FIGURES} FROM device d WHERE d.removed_at IS NULL`).get()
    : sqlite
        .prepare<[string], Reach>(`${FIGURES} FROM json_each(?) j JOIN device d ON d.id = j.value`)
        .get(JSON.stringify([...devicesOfTargets(store, targets)]));
  return found ?? { devices: 0, boards: 0, connected: 0, live: 0, liveConnected: 0 };
}
