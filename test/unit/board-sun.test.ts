import { expect, test } from 'vitest';
import { sunElevation, sunTimes } from '#devices/board/sun';

const MINUTE = 60_000;
const PHU_VAN = [20.53, 105.91] as const;

const near = (at: number | null, expected: number, minutes = 2): void => {
  if (at === null) throw new Error('it does not happen on that day');
  expect(Math.abs(at - expected), new Date(at).toISOString()).toBeLessThanOrEqual(minutes * MINUTE);
};

// As almanacs print them, to the minute.
test('in Hà Nội on 24 November 2026 the sun rises at 06:12 and sets at 17:15', () => {
  const { rise, set } = sunTimes(Date.UTC(2026, 10, 24, 5), 21.03, 105.85);
  near(rise, Date.UTC(2026, 10, 23, 23, 12));
  near(set, Date.UTC(2026, 10, 24, 10, 15));
});

test('in Thành phố Hồ Chí Minh at the summer solstice of 2026 it rises at 05:32 and sets at 18:18', () => {
  const { rise, set } = sunTimes(Date.UTC(2026, 5, 21, 5), 10.82, 106.63);
  near(rise, Date.UTC(2026, 5, 20, 22, 32));
  near(set, Date.UTC(2026, 5, 21, 11, 18));
});

test('in Berlin at the winter solstice it rises at 08:15 and sets at 15:54', () => {
  const { rise, set } = sunTimes(Date.UTC(2026, 11, 21, 11), 52.52, 13.405);
  near(rise, Date.UTC(2026, 11, 21, 7, 15));
  near(set, Date.UTC(2026, 11, 21, 14, 54));
});

test('at the poles there are days without a sunrise, and days without a sunset', () => {
  expect(sunTimes(Date.UTC(2026, 11, 21, 12), 78.2, 15.6)).toEqual({ rise: null, set: null });
  expect(sunTimes(Date.UTC(2026, 5, 21, 12), 78.2, 15.6)).toEqual({ rise: null, set: null });
  expect(sunElevation(Date.UTC(2026, 11, 21, 11), 78.2, 15.6)).toBeLessThan(-10);
  expect(sunElevation(Date.UTC(2026, 5, 21, 23), 78.2, 15.6)).toBeGreaterThan(10);
});

test('whatever the hour it is asked at, the sunrise is that of the day around the nearest noon', () => {
  const noon = Date.UTC(2026, 10, 24, 5);
  const known = sunTimes(noon, ...PHU_VAN);
  for (const hours of [-11, -6, -1, 1, 6, 11]) {
    const { rise, set } = sunTimes(noon + hours * 60 * MINUTE, ...PHU_VAN);
    near(rise, known.rise ?? 0, 0.1);
    near(set, known.set ?? 0, 0.1);
  }
  const morrow = sunTimes(noon + 13 * 60 * MINUTE, ...PHU_VAN);
  near(morrow.rise, (known.rise ?? 0) + 24 * 60 * MINUTE, 2);
});

test('east and west of the date line a day has both its sunrise and its sunset, in this order', () => {
  for (const longitude of [-179.9, -90, 0, 90, 179.9]) {
    for (const latitude of [-60, 0, 60]) {
      const { rise, set } = sunTimes(Date.UTC(2026, 2, 20, 12), latitude, longitude);
      if (rise === null || set === null) throw new Error('on the equinox every place has both');
      expect((set - rise) / MINUTE).toBeGreaterThan(12 * 60);
      expect((set - rise) / MINUTE).toBeLessThan(12 * 60 + 35);
      expect(sunElevation(rise, latitude, longitude)).toBeCloseTo(-0.833, 1);
      expect(sunElevation((rise + set) / 2, latitude, longitude)).toBeGreaterThan(25);
    }
  }
});

test('over the equator at the equinox the noon sun stands overhead', () => {
  const { rise, set } = sunTimes(Date.UTC(2026, 2, 20, 12), 0, 0);
  expect(sunElevation(((rise ?? 0) + (set ?? 0)) / 2, 0, 0)).toBeGreaterThan(89.5);
});
