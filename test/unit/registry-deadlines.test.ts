import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Deadlines } from '#controller/registry/deadlines';

test('everybody comes due once, at most a second late, and never too early', () => {
  const event = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    at: fc.option(fc.integer({ min: 0, max: 20_000 })),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const deadlines = new Deadlines();
      const expected = new Map<string, number>();
      for (const { id, at } of events) {
        deadlines.set(id, at);
        if (at === null) expected.delete(id);
        else expected.set(id, at);
      }
      const seen = new Map<string, number>();
      for (let now = 0; now <= 21_000; now += 1_000) {
        for (const id of deadlines.due(now)) {
          expect(seen.has(id)).toBe(false);
          seen.set(id, now);
        }
      }
      expect([...seen.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [id, now] of seen) {
        const at = expected.get(id) ?? Number.NaN;
        expect(now).toBeGreaterThanOrEqual(at);
        expect(now - at).toBeLessThan(1_000);
      }
    }),
  );
});
