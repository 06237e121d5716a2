import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PlanOccurrence } from '#devices/plan';
import type { Conductor } from '#firmware-sim/conductor';
import { conduct, START } from '../support/conducted.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const SHA = 'a'.repeat(64);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Ordered {
  readonly occurrence: PlanOccurrence;
  /** When the device is told, ms after the beginning. */
  readonly toldAt: number;
}

/** Tells a conductor of each when it is time, and notes what it says of them. */
function tell(conductor: Conductor, ordered: readonly Ordered[]) {
  const finished = new Map<string, string[]>();
  for (const { occurrence: what, toldAt } of ordered) {
    setTimeout(() => {
      const watch = {
        began: () => undefined,
        finished: (reason: string) => {
          finished.set(what.id, [...(finished.get(what.id) ?? []), reason]);
        },
      };
      conductor.admit(what, Number.NEGATIVE_INFINITY, watch);
    }, toldAt);
  }
  return finished;
}

const priority = fc.constantFrom(
  'emergency' as const,
  'live' as const,
  'priority' as const,
  'scheduled' as const,
);
const resume = fc.constantFrom('resume' as const, 'restart' as const, 'join' as const, 'skip' as const);

const planned = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 60_000 }),
      lengthMs: fc.integer({ min: 1_000, max: 20_000 }),
      lateMs: fc.integer({ min: 0, max: 30_000 }),
      priority,
      resume,
    }),
    { maxLength: 5 },
  )
  .map((all) =>
    all.map(({ at, lengthMs, lateMs, ...more }, index) => {
      const startAt = START + at;
      return occurrence(startAt, [part(SHA, lengthMs)], {
        schedule: `s${index}`,
        notAfter: startAt + lateMs,
        ...more,
      });
    }),
  );

/** Told less than two seconds ahead, when the device has already decided what comes next. */
const ordered = fc
  .array(
    fc.record({
      toldAt: fc.integer({ min: 0, max: 60_000 }),
      leadMs: fc.integer({ min: -3_000, max: 2_500 }),
      lengthMs: fc.integer({ min: 1_000, max: 15_000 }),
      priority,
      resume,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ toldAt, leadMs, lengthMs, ...more }, index): Ordered => {
      const startAt = START + toldAt + leadMs;
      const notAfter = startAt + 20_000;
      return {
        toldAt,
        occurrence: occurrence(startAt, [part(SHA, lengthMs)], { schedule: `b${index}`, notAfter, ...more }),
      };
    }),
  );

test('whatever is ordered into a full plan, one thing sounds at a time, and each ends in one way', async () => {
  await fc.assert(
    fc.asyncProperty(planned, ordered, async (plan, orders) => {
      vi.setSystemTime(START);
      let finished = new Map<string, string[]>();
      const { heard, settled } = await conduct(plan, 240_000, (conductor) => {
        finished = tell(conductor, orders);
      });
      const inOrder = [...heard]
        .filter(({ from, to }) => to - from > 0.02)
        .sort((one, other) => one.from - other.from);
      for (const [index, stretch] of inOrder.entries()) {
        const before = inOrder[index - 1];
        if (before !== undefined) expect(stretch.from).toBeGreaterThanOrEqual(before.to - 0.02);
      }
      const all = [...plan, ...orders.map(({ occurrence: what }) => what)];
      expect([...settled.keys()].sort()).toEqual(all.map(({ id }) => id).sort());
      for (const { occurrence: what } of orders) expect(finished.get(what.id)).toHaveLength(1);
      for (const { id, from } of heard) {
        const due = all.find((one) => one.id === id)?.startAt ?? 0;
        expect(from).toBeGreaterThanOrEqual(due - 0.02);
      }
    }),
    { numRuns: 80 },
  );
});

test('an emergency ordered 400 ms ahead is heard to the millisecond, whatever was decided before it came', async () => {
  await fc.assert(
    fc.asyncProperty(planned, fc.integer({ min: 0, max: 60_000 }), async (all, toldAt) => {
      vi.setSystemTime(START);
      const plan = all.map((one) =>
        one.priority === 'emergency' ? { ...one, priority: 'live' as const } : one,
      );
      const startAt = START + toldAt + 400;
      const storm = occurrence(startAt, [part(SHA, 5_000)], { schedule: 'storm', priority: 'emergency' });
      const { heard } = await conduct(plan, 240_000, (conductor) => {
        tell(conductor, [{ toldAt, occurrence: storm }]);
      });
      const stretches = heard.filter(({ id }) => id === storm.id);
      expect(stretches).toHaveLength(1);
      expect(stretches[0]).toMatchObject({ end: 'completed' });
      expect(stretches[0]?.from).toBeCloseTo(startAt, 1);
    }),
    { numRuns: 80 },
  );
});

test('what was ordered is no business of the plan: a new one does not end it', async () => {
  const broadcast = occurrence(START + 5_000, [part(SHA, 30_000)], { schedule: 'b' });
  const { heard } = await conduct([], 120_000, (conductor) => {
    tell(conductor, [{ toldAt: 4_000, occurrence: broadcast }]);
    setTimeout(() => conductor.adopt({ ...planOf([], new Map()), validFrom: START + 10_000 }, START), 10_000);
  });
  expect(heard).toMatchObject([{ id: broadcast.id, end: 'completed' }]);
});

test('a stop ends what plays and what waits behind it, and leaves what is due later', async () => {
  const loud = occurrence(START + 5_000, [part(SHA, 60_000)], { schedule: 'a', priority: 'live' });
  const waiting = occurrence(START + 10_000, [part(SHA, 20_000)], { schedule: 'b' });
  const later = occurrence(START + 90_000, [part(SHA, 5_000)], { schedule: 'c' });
  const { heard, settled } = await conduct([loud, waiting, later], 180_000, (conductor) => {
    setTimeout(() => conductor.silence(), 20_000);
  });
  expect(heard.map(({ id, end }) => [id, end])).toEqual([
    [loud.id, 'stopped'],
    [later.id, 'completed'],
  ]);
  expect(settled.get(waiting.id)?.reason).toBe('stopped');
});

test('what a frozen program slept through is told as that', async () => {
  const news = occurrence(START + 30_000, [part(SHA, 5_000)], { notAfter: START + 32_000 });
  const { heard, settled } = await conduct([news], 120_000, () => {
    setTimeout(() => vi.setSystemTime(Date.now() + 60_000), 10_000);
  });
  expect(heard).toEqual([]);
  expect(settled.get(news.id)?.reason).toBe('frozen');
});

test('a plan that came whole only after its news was due says that the files were missing', async () => {
  const news = occurrence(START + 5_000, [part(SHA, 5_000)], { notAfter: START + 6_000 });
  const { settled } = await conduct([], 60_000, (conductor) => {
    setTimeout(() => conductor.adopt(planOf([news], new Map()), START), 20_000);
  });
  expect(settled.get(news.id)?.reason).toBe('blob-missing');
});
