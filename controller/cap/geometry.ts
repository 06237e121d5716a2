import { CapRefusal } from './refusal.ts';

/** WGS 84, degrees. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** Closed: the last point is the first. */
export type Polygon = readonly Point[];

export interface Circle {
  readonly centre: Point;
  readonly radiusKm: number;
}

/** IUGG's mean radius. */
const EARTH_KM = 6_371.0088;
/** A circle without a radius is a point (the standard's own earthquake); a device this near stands on it. */
const POINT_KM = 0.05;
const MOST_POINTS = 5_000;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** `38.47,-120.14`: latitude first (section 3.2.4). @throws CapRefusal `not-consistent`. */
function pointOf(text: string): Point {
  const [first = '', second = '', ...rest] = text.split(',');
  const latitude = Number(first);
  const longitude = Number(second);
  const wrong = rest.length > 0 || !NUMBER.test(first) || !NUMBER.test(second);
  if (wrong || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    throw unreadable(`“${text.slice(0, 60)}” is no latitude,longitude`);
  }
  return { latitude, longitude };
}

/**
 * Points parted by white space; at least four, the last being the first.
 * @throws CapRefusal `not-consistent`.
 */
export function polygonOf(text: string): Polygon {
  const words = wordsOf(text);
  if (words.length > MOST_POINTS) throw unreadable(`a polygon has more than ${MOST_POINTS} points`);
  const points = words.map(pointOf);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 4) {
    throw unreadable('a polygon has fewer than four points');
  }
  if (first.latitude !== last.latitude || first.longitude !== last.longitude) {
    throw unreadable('a polygon does not end where it begins');
  }
  return points;
}

/** `32.9525,-115.5527 12.5`: the centre, and the radius in kilometres. @throws CapRefusal `not-consistent`. */
export function circleOf(text: string): Circle {
  const [centre = '', radius = '', ...rest] = wordsOf(text);
  const radiusKm = Number(radius);
  if (rest.length > 0 || !NUMBER.test(radius) || radiusKm < 0) {
    throw unreadable(`“${text.slice(0, 60)}” is no circle`);
  }
  return { centre: pointOf(centre), radiusKm };
}

/** The even-odd rule, on the plane of latitude and longitude; a shape across the 180th meridian is not meant. */
export function inPolygon(polygon: Polygon, { latitude, longitude }: Point): boolean {
  let inside = false;
  for (let index = 1; index < polygon.length; index += 1) {
    const a = polygon[index - 1];
    const b = polygon[index];
    if (a === undefined || b === undefined) continue;
    if (onEdge(a, b, latitude, longitude)) return true;
    if (a.latitude > latitude === b.latitude > latitude) continue;
    const along = (latitude - a.latitude) / (b.latitude - a.latitude);
    if (longitude < a.longitude + along * (b.longitude - a.longitude)) inside = !inside;
  }
  return inside;
}

/** Who stands on the line is warned. About a tenth of a metre counts as on it. */
function onEdge(a: Point, b: Point, latitude: number, longitude: number): boolean {
  const slack = 1e-6;
  const across =
    (longitude - a.longitude) * (b.latitude - a.latitude) -
    (latitude - a.latitude) * (b.longitude - a.longitude);
  if (Math.abs(across) > slack * Math.hypot(b.latitude - a.latitude, b.longitude - a.longitude)) return false;
  return (
    latitude >= Math.min(a.latitude, b.latitude) - slack &&
    latitude <= Math.max(a.latitude, b.latitude) + slack &&
    longitude >= Math.min(a.longitude, b.longitude) - slack &&
    longitude <= Math.max(a.longitude, b.longitude) + slack
  );
}

export const inCircle = ({ centre, radiusKm }: Circle, point: Point): boolean =>
  distanceKm(centre, point) <= Math.max(radiusKm, POINT_KM);

/** Along the surface, by the haversine formula. */
export function distanceKm(a: Point, b: Point): number {
  const lat1 = radians(a.latitude);
  const lat2 = radians(b.latitude);
  const half = (angle: number): number => Math.sin(angle / 2) ** 2;
  const h = half(lat2 - lat1) + Math.cos(lat1) * Math.cos(lat2) * half(radians(b.longitude - a.longitude));
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const unreadable = (detail: string): CapRefusal => new CapRefusal('not-consistent', `In its area ${detail}.`);
