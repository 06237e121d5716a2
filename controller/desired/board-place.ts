import type { Store } from '../database/open.ts';
import type { BoardPlace } from '../http/contract/board-choice.ts';

export interface Standing {
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly area_id: string | null;
}

/** Of Vietnam, from the south cape to the northern border; the sun sets there within a quarter of an hour of any ward's. */
const MIDDLE_LATITUDE = 16;
const DEGREES_AN_HOUR = 15;
const HOUR_MS = 3_600_000;

/**
 * Where a device stands, for the sun: where it was put on the map, or else where its neighbours were, or the devices of
 * the whole site; where nobody was, the middle of the country on the meridian of the clock. The console says which.
 * Rounded to a hundredth of a degree, a kilometre or two seconds of sun, so that a neighbour that is moved across the
 * road changes nobody's document.
 */
export function placeOf(
  { sqlite }: Store,
  { latitude, longitude, area_id }: Standing,
  offsetMs: number,
): BoardPlace {
  if (latitude !== null && longitude !== null) return rounded('device', { latitude, longitude });
  const middle = (where: string, ...of: string[]): Found | undefined =>
    sqlite
      .prepare<string[], Found>(
        `SELECT avg(latitude) AS latitude, avg(longitude) AS longitude FROM device
          WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND removed_at IS NULL ${where}
          HAVING count(*) > 0`,
      )
      .get(...of);
  const near = area_id === null ? undefined : middle('AND area_id = ?', area_id);
  if (near !== undefined) return rounded('area', near);
  const site = middle('');
  if (site !== undefined) return rounded('site', site);
  return rounded('country', {
    latitude: MIDDLE_LATITUDE,
    longitude: (offsetMs / HOUR_MS) * DEGREES_AN_HOUR,
  });
}

interface Found {
  readonly latitude: number;
  readonly longitude: number;
}

const rounded = (by: BoardPlace['by'], { latitude, longitude }: Found): BoardPlace => ({
  by,
  latitude: Math.round(latitude * 100) / 100,
  longitude: Math.round(longitude * 100) / 100,
});
