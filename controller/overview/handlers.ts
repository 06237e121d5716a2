import { dayOfLocal } from '#schedules/recurrence';
import { zoneOf } from '#schedules/zone';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/settings.ts';
import type { Store } from '../database/open.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import { DeviceStatus } from '../http/contract/devices.ts';
import type { Overview, overviewRoutes } from '../http/contract/overview.ts';
import type { Handlers } from '../http/handlers.ts';
import { PlayQuery } from '../playback/play-query.ts';
import { plannedOccurrences } from '../timetable/occurrence-view.ts';
import { onAir } from './on-air.ts';
import { type Differing, problems } from './problems.ts';

export interface OverviewDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly config: Pick<Config, 'LOA_TIMEZONE'>;
  readonly guards: Pick<SiteGuards, 'nowhere'>;
  /** Boards that show something else than they should. */
  readonly differing?: () => readonly Differing[];
}

const DAY = 86_400_000;
const NEXT = 50;

export function overviewHandlers(deps: OverviewDeps): Handlers<Pick<typeof overviewRoutes, 'GET /overview'>> {
  const view = overviewOf(deps);
  return { 'GET /overview': async () => view() };
}

/** What is on air, what comes next, what is wrong, and how the day went; a dozen queries, whatever the fleet. */
export function overviewOf({ store, clock, config, guards, differing }: OverviewDeps): () => Overview {
  const plays = new PlayQuery(store);
  return () => {
    const now = clock.now();
    return {
      at: now,
      onAir: onAir(store, now),
      next: upcoming(store, now, guards),
      problems: problems(store, now, differing?.()),
      devices: statusCounts(store),
      today: plays.counts(dayOf(now, config.LOA_TIMEZONE)),
    };
  };
}

function upcoming(store: Store, now: number, guards: OverviewDeps['guards']): Overview['next'] {
  return plannedOccurrences(store, { from: now + 1, to: now + DAY }, guards)
    .filter(({ withheld }) => withheld === null)
    .sort((a, b) => a.startAt - b.startAt)
    .slice(0, NEXT)
    .map(({ id, scheduleId, title, startAt, endAt, devices }) => ({
      occurrence: id,
      scheduleId,
      title,
      startAt,
      endAt,
      devices,
    }));
}

function statusCounts({ sqlite }: Store): Overview['devices'] {
  const counts: Overview['devices'] = { unseen: 0, online: 0, stale: 0, offline: 0, fault: 0 };
  const rows = sqlite
    .prepare<[], { status: string; devices: number }>(
      'SELECT status, count(*) AS devices FROM device WHERE removed_at IS NULL GROUP BY status',
    )
    .all();
  for (const { status, devices } of rows) counts[DeviceStatus.parse(status)] = devices;
  return counts;
}

/** The day of the site's wall clock that an instant is in; 23 or 25 hours long where clocks are changed. */
function dayOf(now: number, zoneName: string): { from: number; to: number } {
  const zone = zoneOf(zoneName);
  const day = dayOfLocal(zone.toLocal(now));
  return { from: zone.toUtc(day * DAY), to: zone.toUtc((day + 1) * DAY) };
}
