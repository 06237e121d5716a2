import type { Store } from '../database/open.ts';
import type { Policy } from '../http/contract/policies.ts';
import type { Target } from '../http/contract/schedules.ts';
import { devicesOfTargets } from '../timetable/reach.ts';
import { gatherTargets } from './gather-targets.ts';
import { type Circle, distanceKm, inCircle, inPolygon, type Point, type Polygon } from './geometry.ts';
import type { CapArea } from './message.ts';

/** Whom an alert's areas concern here. */
export interface Affected {
  /** Whether the areas say anything that a program can follow; a description alone says nothing. */
  readonly told: boolean;
  readonly devices: ReadonlySet<string>;
  readonly targets: readonly Target[];
}

/** A degree of latitude; a degree of longitude is never longer. */
const KM_PER_DEGREE = 111.2;
/** Beyond the edge of what is searched for, so that rounding loses nobody. */
const SLACK_DEGREES = 0.01;

/**
 * The devices within the polygons and circles, and what the administrator set for the geocodes; an area's shapes add up
 * (CAP 1.2, section 3.2.4). A device whose place nobody entered is warned with its neighbours: as soon as any device of
 * its own area is.
 */
export function affectedBy(
  store: Store,
  geocodes: Policy<'cap'>['geocodes'],
  areas: readonly CapArea[],
): Affected {
  const shapes = areas.flatMap(({ polygons, circles }) => [
    ...polygons.map(aroundPolygon),
    ...circles.map(aroundCircle),
  ]);
  const codes = areas.flatMap((area) => area.geocodes);
  const named = geocodes
    .filter(({ valueName, value }) =>
      codes.some((code) => code.valueName === valueName && code.value === value),
    )
    .map(({ target }) => target)
    .filter((target) => isThere(store, target));
  const byCode = devicesOfTargets(store, named);
  const within = new Set<string>();
  for (const shape of shapes) for (const id of devicesIn(store, shape)) within.add(id);
  for (const id of neighboursWithoutPlace(store, within)) within.add(id);
  const rest = new Set([...within].filter((id) => !byCode.has(id)));
  return {
    told: shapes.length > 0 || codes.length > 0,
    devices: new Set([...byCode, ...within]),
    targets: gatherTargets(store, rest, named),
  };
}

interface Shape {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
  readonly holds: (point: Point) => boolean;
}

function aroundPolygon(polygon: Polygon): Shape {
  const latitudes = polygon.map(({ latitude }) => latitude);
  const longitudes = polygon.map(({ longitude }) => longitude);
  return {
    south: lowest(latitudes) - SLACK_DEGREES,
    north: -lowest(latitudes.map((degrees) => -degrees)) + SLACK_DEGREES,
    west: lowest(longitudes) - SLACK_DEGREES,
    east: -lowest(longitudes.map((degrees) => -degrees)) + SLACK_DEGREES,
    holds: (point) => inPolygon(polygon, point),
  };
}

/** Without spreading thousands of points over the stack. */
const lowest = (numbers: readonly number[]): number =>
  numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY);

function aroundCircle(circle: Circle): Shape {
  const { centre, radiusKm } = circle;
  const high = radiusKm / KM_PER_DEGREE + SLACK_DEGREES;
  const nearestPole = Math.min(89.9, Math.abs(centre.latitude) + high);
  const wide = radiusKm / (KM_PER_DEGREE * Math.cos((nearestPole * Math.PI) / 180)) + SLACK_DEGREES;
  return {
    ...{ south: centre.latitude - high, north: centre.latitude + high },
    ...{ west: centre.longitude - wide, east: centre.longitude + wide },
    holds: (point) => distanceKm(centre, point) <= radiusKm || inCircle(circle, point),
  };
}

/** First by the index, then by the shape itself. */
function devicesIn({ sqlite }: Store, { holds, ...box }: Shape): string[] {
  return sqlite
    .prepare<[object], { id: string } & Point>(
      `SELECT id, latitude, longitude FROM device
        WHERE latitude IS NOT NULL AND removed_at IS NULL AND longitude IS NOT NULL
          AND latitude BETWEEN @south AND @north AND longitude BETWEEN @west AND @east`,
    )
    .all(box)
    .filter(holds)
    .map(({ id }) => id);
}

function neighboursWithoutPlace({ sqlite }: Store, devices: ReadonlySet<string>): string[] {
  return sqlite
    .prepare<[string], string>(
      `SELECT id FROM device WHERE removed_at IS NULL AND (latitude IS NULL OR longitude IS NULL) AND area_id IN
        (SELECT d.area_id FROM json_each(?) j JOIN device d ON d.id = j.value WHERE d.area_id IS NOT NULL)`,
    )
    .pluck()
    .all(JSON.stringify([...devices]));
}

const TABLES = { device: 'device', group: 'device_group', area: 'area' } as const;

/** What an administrator's table names may have been removed since; that must not keep the others from being warned. */
export function isThere({ sqlite }: Store, { kind, id }: Target): boolean {
  if (kind === 'all') return true;
  return (
    sqlite.prepare(`SELECT 1 FROM ${TABLES[kind]} WHERE id = ? AND removed_at IS NULL`).get(id) !== undefined
  );
}
