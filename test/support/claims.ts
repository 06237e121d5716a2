import fc from 'fast-check';
import type { PriorityClass, ResumePolicy } from '#devices/plan';
import type { Asking } from '#schedules/timeline';

/** For a day that is full: occurrences in whole seconds after `START`, so that stepping by the second loses nothing. */
export function crowdedDay(start: number, most: number): fc.Arbitrary<Asking[]> {
  const one = fc.record({
    at: fc.integer({ min: 0, max: 240 }),
    length: fc.integer({ min: 1, max: 60 }),
    late: fc.integer({ min: 0, max: 90 }),
    priority: fc.constantFrom<PriorityClass>('emergency', 'live', 'priority', 'scheduled', 'background'),
    resume: fc.constantFrom<ResumePolicy>('resume', 'restart', 'join', 'skip'),
  });
  return fc.array(one, { minLength: 1, maxLength: most }).map((all) =>
    all.map(({ at, length, late, priority, resume }, index) => {
      const startAt = start + at * 1_000;
      const endAt = startAt + length * 1_000;
      // Not on a second, so that it makes no difference that a device decides a hundredth of a millisecond later.
      const notAfter = startAt + late * 1_000 + 500;
      return { id: `s${index}@${startAt}`, priority, resume, startAt, endAt, notAfter };
    }),
  );
}
