import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conduct, START } from '../support/conducted.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const SHA = 'a'.repeat(64);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const anyOccurrences = fc
  .array(
    fc.record({
      at: fc.integer({ min: -30, max: 120 }),
      lengths: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
      late: fc.integer({ min: 0, max: 60 }),
      priority: fc.constantFrom(
        'emergency' as const,
        'live' as const,
        'priority' as const,
        'scheduled' as const,
      ),
      resume: fc.constantFrom('resume' as const, 'restart' as const, 'join' as const, 'skip' as const),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ at, lengths, late, priority, resume }, index) => {
      let offsetMs = 0;
      const parts = lengths.map((seconds) => {
        const made = part(SHA, seconds * 1_000, { offsetMs });
        offsetMs += seconds * 1_000;
        return made;
      });
      const startAt = START + at * 1_000;
      const notAfter = startAt + late * 1_000;
      return occurrence(startAt, parts, { schedule: `s${index}`, notAfter, priority, resume });
    }),
  );

test('whatever collides, one thing sounds at a time, and of everything there is word in the end', async () => {
  await fc.assert(
    fc.asyncProperty(anyOccurrences, async (occurrences) => {
      vi.setSystemTime(START);
      const { heard, settled } = await conduct(occurrences, 3_600_000);
      const inOrder = [...heard].sort((one, other) => one.from - other.from);
      for (const [index, stretch] of inOrder.entries()) {
        const before = inOrder[index - 1];
        if (before !== undefined) expect(stretch.from).toBeGreaterThanOrEqual(before.to - 0.02);
      }
      expect([...settled.keys()].sort()).toEqual(occurrences.map(({ id }) => id).sort());
      for (const { id, part: index, from } of heard) {
        const planned = occurrences.find((one) => one.id === id);
        // Nothing is heard before it is due, to the hundredth of a millisecond.
        expect(from).toBeGreaterThanOrEqual(
          (planned?.startAt ?? 0) + (planned?.parts[index]?.offsetMs ?? 0) - 0.02,
        );
      }
    }),
    { numRuns: 150 },
  );
});

test('an emergency is never kept waiting by anything lower', async () => {
  await fc.assert(
    fc.asyncProperty(anyOccurrences, fc.integer({ min: 1, max: 100 }), async (others, at) => {
      vi.setSystemTime(START);
      const storm = occurrence(START + at * 1_000, [part(SHA, 5_000)], {
        schedule: 'storm',
        priority: 'emergency',
      });
      const lower = others.map((one) =>
        one.priority === 'emergency' ? { ...one, priority: 'live' as const } : one,
      );
      const { heard } = await conduct([...lower, storm], 3_600_000);
      const stretches = heard.filter(({ id }) => id === storm.id);
      expect(stretches).toHaveLength(1);
      expect(stretches[0]?.from).toBeCloseTo(storm.startAt, 1);
      expect(stretches[0]?.end).toBe('completed');
    }),
    { numRuns: 60 },
  );
});

test('one after the other without a gap begins on the second, each whole', async () => {
  const first = occurrence(START + 10_000, [part(SHA, 20_000)], { schedule: 'a' });
  const second = occurrence(START + 30_000, [part(SHA, 20_000)], { schedule: 'b' });
  const { heard } = await conduct([first, second], 120_000);
  expect(heard.map(({ id, from, to, end }) => [id, Math.round(from), Math.round(to), end])).toEqual([
    [first.id, START + 10_000, START + 30_000, 'completed'],
    [second.id, START + 30_000, START + 50_000, 'completed'],
  ]);
});

test('a schedule called off while it plays falls silent, and its later occurrences are not heard', async () => {
  const news = occurrence(START + 10_000, [part(SHA, 60_000)], { schedule: 'a' });
  const { heard, settled } = await conduct([news], 120_000, (conductor) => {
    const calledOff = { ...planOf([], new Map()), validFrom: START + 20_000 };
    setTimeout(() => conductor.adopt(calledOff, START + 20_000), 20_000);
  });
  expect(heard).toMatchObject([{ id: news.id, end: 'stopped', to: START + 20_000 }]);
  expect(settled.get(news.id)?.reason).toBe('plan-changed');
});

test('a new plan made while something plays does not disturb it', async () => {
  const news = occurrence(START + 10_000, [part(SHA, 60_000)], { schedule: 'a' });
  const next = occurrence(START + 100_000, [part(SHA, 5_000)], { schedule: 'b' });
  const { heard } = await conduct([news], 200_000, (conductor) => {
    const newer = { ...planOf([news, next], new Map()), validFrom: START + 20_000 };
    setTimeout(() => conductor.adopt(newer, START + 20_000), 20_000);
  });
  expect(heard).toMatchObject([
    { id: news.id, end: 'completed', to: START + 70_000 },
    { id: next.id, end: 'completed' },
  ]);
});
