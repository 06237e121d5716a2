import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClockKnowledge,
  driftPpmOf,
  type Exchange,
  errorAt,
  learn,
  momentAt,
  utcAt,
} from '#devices/clock-filter';

const TRUE_OFFSET = 1_795_000_000_000;

/** The truth of a device: its counter runs fast by `ppm`, and stood at 0 at `TRUE_OFFSET`. */
class World {
  readonly ppm: number;
  steppedMs = 0;
  constructor(ppm = 0) {
    this.ppm = ppm;
  }
  utcOf(moment: number): number {
    return TRUE_OFFSET + this.steppedMs + moment / (1 + this.ppm * 1e-6);
  }
  momentOf(utc: number): number {
    return (utc - TRUE_OFFSET - this.steppedMs) * (1 + this.ppm * 1e-6);
  }
  /** An exchange that begins at device time `at`, over a way with these delays, ms. */
  exchange(at: number, out: number, back: number): Exchange {
    const t2 = this.utcOf(at) + out;
    const t3 = t2 + 0.1;
    return { t1: at, t2, t3, t4: this.momentOf(t3 + back) };
  }
  burst(at: number, delays: readonly { out: number; back: number }[]): Exchange[] {
    return delays.map(({ out, back }, index) => this.exchange(at + index * 250, out, back));
  }
  /** How far from the truth the device is at a moment, and how far it says it may be. */
  check(known: ClockKnowledge | null, moment: number): { error: number; bound: number } {
    if (known === null) throw new Error('nothing is known');
    const error = Math.abs(utcAt(known.estimate, moment) - this.utcOf(moment));
    return { error, bound: errorAt(known.estimate, moment) };
  }
}

const delay = fc.record({
  out: fc.double({ min: 0, max: 900, noNaN: true }),
  back: fc.double({ min: 0, max: 900, noNaN: true }),
});
/** A burst of which some answers are lost; at times all of them. */
const anyBurst = fc.array(delay, { minLength: 0, maxLength: 8 });
const anyPpm = fc.double({ min: -100, max: 100, noNaN: true });
/** Random but repeatable delays between two limits. */
const jitter = (seed: number, least: number, most: number) => {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return least + (state / 2 ** 32) * (most - least);
  };
};

describe('a device that asks for the time', () => {
  test('is never further from the truth than it says, at once and later, whatever jitter, asymmetry, loss and drift', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyBurst, fc.integer({ min: 2_500, max: 3_600_000 })), {
          minLength: 1,
          maxLength: 12,
        }),
        anyPpm,
        fc.integer({ min: 0, max: 7_200_000 }),
        (bursts, ppm, laterMs) => {
          const world = new World(ppm);
          let known: ClockKnowledge | null = null;
          let at = 0;
          for (const [delays, pauseMs] of bursts) {
            at += pauseMs;
            known = learn(known, world.burst(at, delays));
            if (known === null) continue;
            expect(known.stepped).toBe(false);
            for (const moment of [known.estimate.at, known.estimate.at + laterMs]) {
              const { error, bound } = world.check(known, moment);
              expect(error).toBeLessThanOrEqual(bound + 1e-3);
            }
          }
        },
      ),
    );
  });

  test('learns how fast its crystal runs: to 3 ppm within a few minutes of bursts on a quiet network', () => {
    fc.assert(
      fc.property(anyPpm, fc.nat(), (ppm, seed) => {
        const world = new World(ppm);
        const ms = jitter(seed, 0.15, 0.6);
        let known: ClockKnowledge | null = null;
        for (const at of [0, 2_000, 8_000, 30_000, 90_000, 270_000]) {
          known = learn(
            known,
            world.burst(
              at,
              Array.from({ length: 8 }, () => ({ out: ms(), back: ms() })),
            ),
          );
        }
        if (known === null) throw new Error('nothing is known');
        expect(Math.abs(driftPpmOf(known.estimate) - ppm)).toBeLessThan(3);
        // And keeps the time by that: a quarter of an hour without a word costs less than 3 ms.
        expect(world.check(known, 270_000 + 900_000).error).toBeLessThan(3);
      }),
    );
  });

  test('tells the time to some milliseconds over a mobile link of 60 ± 40 ms each way', () => {
    fc.assert(
      fc.property(anyPpm, fc.nat(), (ppm, seed) => {
        const world = new World(ppm);
        const ms = jitter(seed, 20, 100);
        let known: ClockKnowledge | null = null;
        for (let burst = 0; burst < 8; burst += 1) {
          const delays = Array.from({ length: 8 }, () => ({ out: ms(), back: ms() }));
          known = learn(known, world.burst(burst * 15_000, delays));
        }
        expect(world.check(known, 8 * 15_000).error).toBeLessThan(12);
      }),
    );
  });

  test('takes the quick moment of each way, though no single exchange had both', () => {
    const world = new World();
    const burst = [world.exchange(0, 400, 5), world.exchange(1_000, 10, 10), world.exchange(2_000, 5, 700)];
    const known = learn(null, burst);
    expect(world.check(known, known?.estimate.at ?? 0).error).toBeLessThan(0.5);
    expect(known?.estimate.errorMs).toBeLessThan(6);
  });

  test('is not made less certain by a worse burst', () => {
    const world = new World();
    const good = learn(null, [world.exchange(0, 4, 4)]);
    const worse = learn(good, [world.exchange(1_000, 300, 100)]);
    expect(worse?.estimate.errorMs).toBeLessThan(5);
  });

  test('follows at once when a clock was set to another time, and says so', () => {
    const world = new World(40);
    const quick = [
      { out: 4, back: 4 },
      { out: 5, back: 3 },
    ];
    let known = learn(null, world.burst(0, quick));
    known = learn(known, world.burst(60_000, quick));
    world.steppedMs = 3_600_000;
    known = learn(known, world.burst(120_000, quick));
    expect(known?.stepped).toBe(true);
    expect(world.check(known, 121_000).error).toBeLessThan(5);
  });

  test('follows when a clock is stepped in the middle of a burst', () => {
    const world = new World();
    const before = world.burst(0, [{ out: 4, back: 4 }]);
    world.steppedMs = -86_400_000;
    const known = learn(null, [...before, ...world.burst(1_000, [{ out: 4, back: 4 }])]);
    expect(world.check(known, 2_000).error).toBeLessThan(5);
  });

  test('admits to knowing less as time goes by without an answer, but no less than a crystal can be off', () => {
    const world = new World();
    const known = learn(null, [world.exchange(0, 4, 4)]);
    if (known === null) throw new Error('nothing is known');
    const { estimate } = known;
    expect(errorAt(estimate, estimate.at + 60_000)).toBeGreaterThan(estimate.errorMs + 5);
    expect(errorAt(estimate, estimate.at + 3_600_000)).toBeLessThan(estimate.errorMs + 1_500);
    expect(learn(known, [])).toBe(known);
  });

  test('does not believe an answer that contradicts itself', () => {
    expect(learn(null, [{ t1: 100, t2: 0, t3: 500, t4: 101 }])).toBeNull();
    expect(learn(null, [{ t1: 100, t2: 5, t3: 1, t4: 130 }])).toBeNull();
    expect(learn(null, [{ t1: Number.NaN, t2: 5, t3: 6, t4: 130 }])).toBeNull();
  });

  test('believes a controller that stamps whole milliseconds, to a millisecond', () => {
    const world = new World(-30);
    let known: ClockKnowledge | null = null;
    for (let burst = 0; burst < 6; burst += 1) {
      const exchanges = world
        .burst(burst * 10_000 + 0.37 * burst, [{ out: 0.3, back: 0.3 }])
        .map((one) => ({ ...one, t2: Math.floor(one.t2), t3: Math.floor(one.t2) }));
      known = learn(known, exchanges);
      expect(known?.stepped).toBe(false);
      const { error, bound } = world.check(known, known?.estimate.at ?? 0);
      expect(error).toBeLessThanOrEqual(bound);
    }
    expect(known?.estimate.errorMs).toBeLessThan(2);
  });

  test('finds the moment of a time, and the time of that moment', () => {
    fc.assert(
      fc.property(anyPpm, fc.integer({ min: 0, max: 10_000_000 }), (ppm, ms) => {
        const world = new World(ppm);
        const known = learn(null, [world.exchange(0, 4, 4), world.exchange(9_000, 4, 4)]);
        if (known === null) throw new Error('nothing is known');
        expect(momentAt(known.estimate, utcAt(known.estimate, ms))).toBeCloseTo(ms, 2);
      }),
    );
  });
});
