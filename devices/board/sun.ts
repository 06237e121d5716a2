/**
 * Where the sun stands, after the low-precision formulae of the Astronomical Almanac: within 0.02° from 1950 to 2050,
 * which is five seconds of a sunset.
 */

const DEGREES = Math.PI / 180;
const DAY_MS = 86_400_000;
/** 2000-01-01 12:00 UTC. */
const J2000 = 946_728_000_000;

/** Elevation of the sun's centre above the horizon in degrees, without refraction. @param at epoch ms. */
export function sunElevation(at: number, latitude: number, longitude: number): number {
  const { ascension, declination, siderealDegrees } = sunAt(at);
  const hourAngle = (siderealDegrees + longitude) * DEGREES - ascension;
  const phi = latitude * DEGREES;
  const sine =
    Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.asin(Math.max(-1, Math.min(1, sine))) / DEGREES;
}

function sunAt(at: number): { ascension: number; declination: number; siderealDegrees: number } {
  const days = (at - J2000) / DAY_MS;
  const anomaly = (357.528 + 0.9856003 * days) * DEGREES;
  const longitude =
    (280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * DEGREES;
  const obliquity = (23.439 - 0.0000004 * days) * DEGREES;
  return {
    ascension: Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude)),
    declination: Math.asin(Math.sin(obliquity) * Math.sin(longitude)),
    siderealDegrees: 280.46062 + 360.9856474 * days,
  };
}

/** The upper limb touches the horizon, refraction included. */
const RISE_DEGREES = -0.833;

/**
 * Sunrise and sunset of the day that lies around the sun's highest stand nearest to a moment, epoch ms; null for what
 * does not happen there on that day.
 */
export function sunTimes(
  at: number,
  latitude: number,
  longitude: number,
): { readonly rise: number | null; readonly set: number | null } {
  const noon = solarNoon(at, longitude);
  return {
    rise: crossing(noon - DAY_MS / 2, noon, latitude, longitude),
    set: crossing(noon + DAY_MS / 2, noon, latitude, longitude),
  };
}

/** The sun's highest stand nearest to a moment. */
function solarNoon(at: number, longitude: number): number {
  let noon = at;
  for (let step = 0; step < 3; step += 1) {
    const { ascension, siderealDegrees } = sunAt(noon);
    const hourAngle = siderealDegrees + longitude - ascension / DEGREES;
    const turned = ((((hourAngle + 180) % 360) + 360) % 360) - 180;
    noon -= (turned / 360.9856474) * DAY_MS;
  }
  return noon;
}

/** By halving, to the second: between its lowest and its highest stand the sun only climbs. */
function crossing(low: number, high: number, latitude: number, longitude: number): number | null {
  const above = (at: number): boolean => sunElevation(at, latitude, longitude) >= RISE_DEGREES;
  if (above(low) || !above(high)) return null;
  let dark = low;
  let light = high;
  while (Math.abs(light - dark) > 1_000) {
    const middle = (dark + light) / 2;
    if (above(middle)) light = middle;
    else dark = middle;
  }
  return Math.round(light);
}
