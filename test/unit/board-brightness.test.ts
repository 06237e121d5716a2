import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BrightnessRule, brightnessAt, type LightMemory } from '#devices/board/brightness';
import { sunTimes } from '#devices/board/sun';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 24 November 2026, 00:00 in Phù Vân. */
const MIDNIGHT = Date.UTC(2026, 10, 23, 17);
const FIXED = 60;

const rule = (from: unknown): BrightnessRule => BrightnessRule.parse(from);
const at = (one: BrightnessRule | undefined, moment: number): number =>
  brightnessAt(one, FIXED, moment).brightness;

test('without a rule a board is as bright as it was set, whatever the hour and the light', () => {
  expect(at(undefined, MIDNIGHT)).toBe(FIXED);
  expect(brightnessAt(undefined, FIXED, MIDNIGHT, 90_000).brightness).toBe(FIXED);
});

test('a step holds from its minute on, and the last one over midnight', () => {
  const steps = rule({
    by: 'time',
    steps: [
      { minute: 0, brightness: 80 },
      { minute: 11 * 60, brightness: 40 },
      { minute: 15 * 60, brightness: 10 },
    ],
  });
  const day = Date.UTC(2026, 10, 24);
  expect(at(steps, day)).toBe(80);
  expect(at(steps, day + 11 * HOUR - 1)).toBe(80);
  expect(at(steps, day + 11 * HOUR)).toBe(40);
  expect(at(steps, day + 15 * HOUR)).toBe(10);
  expect(at(steps, day + 24 * HOUR - 1)).toBe(10);
  const evening = rule({ by: 'time', steps: [{ minute: 600, brightness: 25 }] });
  expect(at(evening, day + HOUR), 'before the first step of the day the last one still holds').toBe(25);
});

test('by the sun it is bright by day, dim by night, and changes evenly in between', () => {
  const sun = rule({ by: 'sun', latitude: 20.53, longitude: 105.91, day: 90, night: 15 });
  expect(at(sun, MIDNIGHT)).toBe(15);
  expect(at(sun, MIDNIGHT + 12 * HOUR)).toBe(90);
  const { rise, set } = sunTimes(MIDNIGHT + 12 * HOUR, 20.53, 105.91);
  if (rise === null || set === null) throw new Error('there is a sunrise in Phù Vân');
  for (const [moment, dawn] of [
    [rise, 1],
    [set, -1],
  ] as const) {
    expect(at(sun, moment)).toBeGreaterThan(40);
    expect(at(sun, moment)).toBeLessThan(60);
    expect(at(sun, moment - dawn * 40 * MINUTE)).toBe(15);
    expect(at(sun, moment + dawn * 45 * MINUTE)).toBe(90);
  }
  let before = at(sun, rise - HOUR);
  for (let moment = rise - HOUR; moment <= rise + HOUR; moment += MINUTE) {
    const now = at(sun, moment);
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now - before, 'nobody sees a jump').toBeLessThanOrEqual(2);
    before = now;
  }
});

test('a board that is to be darker by day than by night can be so', () => {
  const sun = rule({ by: 'sun', latitude: 20.53, longitude: 105.91, day: 20, night: 70 });
  expect(at(sun, MIDNIGHT)).toBe(70);
  expect(at(sun, MIDNIGHT + 12 * HOUR)).toBe(20);
});

const sensor = rule({
  by: 'sensor',
  points: [
    { lux: 10, brightness: 10 },
    { lux: 1_000, brightness: 50 },
    { lux: 100_000, brightness: 100 },
  ],
  hysteresis: 0.2,
});

test('by the sensor it follows the light in steps that eyes see as even', () => {
  const lit = (lux: number): number => brightnessAt(sensor, FIXED, 0, lux).brightness;
  expect(lit(0)).toBe(10);
  expect(lit(10)).toBe(10);
  expect(lit(100), 'half way in the logarithm').toBe(30);
  expect(lit(1_000)).toBe(50);
  expect(lit(10_000)).toBe(75);
  expect(lit(100_000)).toBe(100);
  expect(lit(250_000)).toBe(100);
});

test('a headlamp or a small cloud does not make the board flicker; dusk does dim it', () => {
  const tell = (memory: LightMemory, lux: number) => brightnessAt(sensor, FIXED, 0, lux, memory);
  const noon = tell({ lux: null }, 10_000);
  expect(noon.brightness).toBe(75);
  for (const lux of [11_900, 8_100, 10_500]) {
    const { brightness, memory } = tell(noon.memory, lux);
    expect(brightness).toBe(75);
    expect(memory, 'what it was set by stays what is compared with').toEqual({ lux: 10_000 });
  }
  const cloud = tell(noon.memory, 7_900);
  expect(cloud.brightness).toBeLessThan(75);
  expect(cloud.memory).toEqual({ lux: 7_900 });
});

test('slow dusk is followed although no single reading differs much from the one before', () => {
  let memory: LightMemory = { lux: null };
  let brightness = 0;
  for (let lux = 10_000; lux > 20; lux *= 0.97) {
    ({ brightness, memory } = brightnessAt(sensor, FIXED, 0, lux, memory));
  }
  expect(brightness).toBeLessThan(20);
});

test('after full darkness the first light counts, and a sensor that falls silent leaves the board as it was set', () => {
  const dark = brightnessAt(sensor, FIXED, 0, 0);
  expect(dark).toEqual({ brightness: 10, memory: { lux: 0 } });
  expect(brightnessAt(sensor, FIXED, 0, 500, dark.memory).brightness).toBeGreaterThan(40);
  expect(brightnessAt(sensor, FIXED, 0, null, { lux: 500 })).toEqual({
    brightness: FIXED,
    memory: { lux: null },
  });
});

test('whatever is measured, the brightness lies between the darkest and the brightest that was allowed', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 300_000, noNaN: true }),
      fc.option(fc.double({ min: 0, max: 300_000, noNaN: true })),
      (lux, kept) => {
        const { brightness } = brightnessAt(sensor, FIXED, 0, lux, { lux: kept });
        return Number.isInteger(brightness) && brightness >= 10 && brightness <= 100;
      },
    ),
  );
});
