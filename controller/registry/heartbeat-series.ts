import { Heartbeat } from '#devices/messages/heartbeat';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure } from '../failure.ts';
import type { HeartbeatSeries } from '../http/contract/devices.ts';
import { FULL_RATE_MS, QUARTERS_MS } from './history.ts';
import { QUARTER_MS, type QuarterHour, quarterOf, rollUp, type Stretch } from './roll-up.ts';

const LONGEST_AT_FULL_RATE_MS = 12 * 3_600_000;
const MOST_BEATS = 50_000;

/**
 * Heartbeats of a device for a chart: each whole one, and the last of the short ones that followed it, for short and
 * recent windows, else by the quarter-hour, of which the
 * open ones are computed here.
 * @throws Failure `window` when it is empty or longer than a year.
 */
export function heartbeatSeries(
  store: Store,
  { device, from, to, now }: { device: string; from: number; to: number; now: number },
): HeartbeatSeries {
  if (to <= from || to - from > QUARTERS_MS) {
    throw new Failure('window', 'The window must be from earlier to later, and at most a year.');
  }
  if (to - from <= LONGEST_AT_FULL_RATE_MS && from >= now - FULL_RATE_MS) {
    return columns('beat', beatsOf(store, device, from, to).flatMap(pointsOf));
  }
  const quarters = store.sqlite
    .prepare<[string, number, number], Row<'heartbeat_quarter'>>(
      'SELECT * FROM heartbeat_quarter WHERE device_id = ? AND quarter >= ? AND quarter < ? ORDER BY quarter',
    )
    .all(device, quarterOf(from), to);
  const last = quarters.at(-1);
  const open = new Map<number, Stretch[]>();
  const since = last === undefined ? Math.max(from, now - FULL_RATE_MS) : last.quarter + QUARTER_MS;
  for (const stretch of beatsOf(store, device, since, to)) {
    const quarter = quarterOf(stretch.at);
    const stretches = open.get(quarter);
    if (stretches === undefined) open.set(quarter, [stretch]);
    else stretches.push(stretch);
  }
  return columns('quarter-hour', [
    ...quarters.map((row): [number, QuarterHour] => [row.quarter, row]),
    ...[...open].map(([quarter, stretches]): [number, QuarterHour] => [quarter, rollUp(stretches)]),
  ]);
}

interface Stored extends Stretch {
  readonly at: number;
  readonly until: number;
}

function beatsOf(store: Store, device: string, from: number, to: number): Stored[] {
  return store.sqlite
    .prepare<[string, number, number], StoredRow>(
      `SELECT received_at, body, repeats, repeated_until FROM heartbeat
        WHERE device_id = ? AND received_at >= ? AND received_at < ?
        ORDER BY received_at LIMIT ${MOST_BEATS}`,
    )
    .all(device, from, to)
    .map(({ received_at: at, body, repeats, repeated_until: until }) => ({
      at,
      beat: Heartbeat.parse(JSON.parse(body)),
      repeats,
      until: until ?? at,
    }));
}

type StoredRow = Pick<Row<'heartbeat'>, 'received_at' | 'body' | 'repeats' | 'repeated_until'>;

/** What was told, and that it was still so when it was last said to be. */
function pointsOf({ at, beat, repeats, until }: Stored): [number, QuarterHour][] {
  const told: [number, QuarterHour] = [at, rollUp([{ beat, repeats: 0 }])];
  return repeats === 0 ? [told] : [told, [until, rollUp([{ beat, repeats: repeats - 1 }])]];
}

function columns(
  resolution: HeartbeatSeries['resolution'],
  points: readonly (readonly [number, QuarterHour])[],
): HeartbeatSeries {
  return {
    resolution,
    at: points.map(([at]) => at),
    clockErrorMs: points.map(([, point]) => point.clock_error_max),
    temperatureC: points.map(([, point]) => point.temperature_avg),
    mainsV: points.map(([, point]) => point.mains_min),
    signalDbm: points.map(([, point]) => point.signal_avg),
    storageFreeBytes: points.map(([, point]) => point.storage_free_min),
    outbox: points.map(([, point]) => point.outbox_max),
    beats: points.map(([, point]) => point.beats),
  };
}
