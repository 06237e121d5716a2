import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DRIFT_ALLOWANCE, type Exchange, errorAt, estimateOf, reckon } from '#devices/clock-filter';

const TRUE_OFFSET = 1_795_000_000_000;

/** An exchange at device time `at` over a path with the given delays, ms. */
const exchange = (at: number, out: number, back: number, offset = TRUE_OFFSET): Exchange => ({
  t1: at,
  t2: at + out + offset,
  t3: at + out + offset,
  t4: at + out + back,
});

const anyBurst = fc.array(
  fc.record({
    out: fc.double({ min: 0, max: 900, noNaN: true }),
    back: fc.double({ min: 0, max: 900, noNaN: true }),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('a device that asks for the time', () => {
  test('is never further from the truth than it says, however unequal the ways there and back', () => {
    fc.assert(
      fc.property(anyBurst, (delays) => {
        const estimate = reckon(
          null,
          delays.map(({ out, back }, index) => exchange(index * 2_000, out, back)),
        );
        expect(estimate).not.toBeNull();
        if (estimate === null) return;
        expect(Math.abs(estimate.offsetMs - TRUE_OFFSET)).toBeLessThanOrEqual(estimate.errorMs + 1e-3);
      }),
    );
  });

  test('keeps its bound over many bursts while its crystal drifts', () => {
    fc.assert(
      fc.property(
        fc.array(anyBurst, { minLength: 2, maxLength: 10 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (bursts, share) => {
          const drift = share * DRIFT_ALLOWANCE * 0.9;
          let estimate = null;
          for (const [minute, burst] of bursts.entries()) {
            const at = minute * 60_000;
            // A fast crystal makes the offset shrink as time goes by.
            const offset = TRUE_OFFSET - at * drift;
            estimate = reckon(
              estimate,
              burst.map(({ out, back }) => exchange(at, out, back, offset)),
            );
            const truth = TRUE_OFFSET - at * drift;
            expect(Math.abs((estimate?.offsetMs ?? 0) - truth)).toBeLessThanOrEqual(
              (estimate?.errorMs ?? 0) + 0.2,
            );
          }
        },
      ),
    );
  });

  test('believes the quickest answer of a burst, not the average', () => {
    const burst = [exchange(0, 400, 5), exchange(1_000, 10, 10), exchange(2_000, 5, 700)];
    expect(reckon(null, burst)).toMatchObject({ offsetMs: TRUE_OFFSET });
    expect(reckon(null, burst)?.errorMs).toBeLessThan(12);
  });

  test('gets more certain with a better burst, and never less certain by a worse one', () => {
    const good = reckon(null, [exchange(0, 4, 4)]);
    const worse = reckon(good, [exchange(1_000, 300, 100)]);
    expect(worse?.errorMs).toBeLessThan(6);
  });

  test('follows at once when the controller was set to another time', () => {
    const before = reckon(null, [exchange(0, 4, 4)]);
    const after = reckon(before, [exchange(60_000, 4, 4, TRUE_OFFSET + 3_600_000)]);
    expect(after?.offsetMs).toBe(TRUE_OFFSET + 3_600_000);
  });

  test('admits to knowing less as time goes by without an answer', () => {
    const estimate = reckon(null, [exchange(0, 4, 4)]);
    if (estimate === null) throw new Error('no estimate');
    expect(errorAt(estimate, estimate.at + 3_600_000)).toBeCloseTo(estimate.errorMs + 360, 6);
    expect(reckon(estimate, [])).toBe(estimate);
  });

  test('does not believe an answer that contradicts itself', () => {
    expect(estimateOf({ t1: 100, t2: 0, t3: 500, t4: 101 })).toBeNull();
    expect(estimateOf({ t1: 100, t2: 5, t3: 1, t4: 130 })).toBeNull();
    expect(estimateOf({ t1: Number.NaN, t2: 5, t3: 6, t4: 130 })).toBeNull();
  });
});
