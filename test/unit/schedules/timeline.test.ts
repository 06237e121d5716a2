import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { arbitrate, type Claim, FINAL_REFUSALS, LONGEST_INTERRUPTION_MS } from '#devices/arbitrate';
import { type Asking, timeline } from '#schedules/timeline';
import { crowdedDay } from '../../support/claims.ts';
import { conduct, START } from '../../support/conducted.ts';
import { occurrence, part } from '../../support/fake-plan.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

/** Who has the air in each second, by asking the rule every second about everything: slow, and beyond doubt. */
function secondBySecond(occurrences: readonly Asking[]): Map<number, string> {
  const claims = occurrences.map((one): Claim & { progress?: Claim['progress'] } => ({ ...one }));
  const gone = new Set<string>();
  const heard = new Map<number, string>();
  const last = Math.max(...occurrences.map(({ endAt }) => endAt)) + 2 * LONGEST_INTERRUPTION_MS;
  for (let now = START; now <= last; now += SECOND) {
    if (gone.size === claims.length) break;
    const able = claims.filter(({ id }) => !gone.has(id));
    const { playing, suspended, refused } = arbitrate(able, now);
    for (const { claim, reason } of refused) if (FINAL_REFUSALS.has(reason)) gone.add(claim.id);
    for (const claim of suspended) {
      if (claim.progress?.state !== 'playing') continue;
      const positionMs = claim.progress.fromMs + now - claim.progress.since;
      claim.progress = { state: 'interrupted', since: now, positionMs };
    }
    if (playing === null) continue;
    playing.claim.progress = { state: 'playing', since: now, fromMs: playing.fromMs };
    heard.set(now, playing.claim.id);
  }
  return heard;
}

describe('for any crowded day', () => {
  test('the foretold day is what the rule says in every second of it', () => {
    fc.assert(
      fc.property(crowdedDay(START, 14), (occurrences) => {
        const foretold = new Map<number, string>();
        for (const { occurrence: one, startAt, endAt } of timeline(occurrences).segments)
          for (let at = startAt; at < endAt; at += SECOND) foretold.set(at, one.id);
        expect([...foretold].sort()).toEqual([...secondBySecond(occurrences)].sort());
      }),
      { numRuns: 300 },
    );
  });

  test('the foretold day is what a device lets be heard', async () => {
    vi.useFakeTimers({ now: START });
    await fc.assert(
      fc.asyncProperty(crowdedDay(START + 5_000, 8), async (asked) => {
        vi.setSystemTime(START);
        const planned = asked.map(({ startAt, endAt, id, ...more }) =>
          occurrence(startAt, [part('a'.repeat(64), endAt - startAt)], {
            schedule: id.split('@')[0] ?? id,
            priority: more.priority,
            resume: more.resume,
            notAfter: more.notAfter,
          }),
        );
        const { heard } = await conduct(planned, 2 * 3_600_000);
        const { segments } = timeline(planned);
        const rounded = (id: string, from: number, to: number) => [id, Math.round(from), Math.round(to)];
        expect(
          heard
            .filter(({ from, to }) => to - from > 1)
            .sort((one, other) => one.from - other.from)
            .map(({ id, from, to }) => rounded(id, from, to)),
        ).toEqual(segments.map(({ occurrence: { id }, startAt, endAt }) => rounded(id, startAt, endAt)));
      }),
      { numRuns: 100 },
    );
  });

  test('every occurrence has exactly one fate, which says how much of it was heard', () => {
    fc.assert(
      fc.property(crowdedDay(START, 14), (occurrences) => {
        const { fates, segments } = timeline(occurrences);
        expect(fates.map(({ occurrence: { id } }) => id).sort()).toEqual(
          occurrences.map(({ id }) => id).sort(),
        );
        for (const { occurrence: one, kind, heardMs, reason, by } of fates) {
          const mine = segments.filter((segment) => segment.occurrence === one);
          const length = one.endAt - one.startAt;
          expect(kind === 'never').toBe(mine.length === 0);
          expect(heardMs === length).toBe(kind === 'whole' || kind === 'pieces');
          expect(heardMs).toBeLessThanOrEqual(length);
          // Nobody is left without an explanation.
          if (kind === 'never') expect([reason, by]).not.toContain(null);
        }
      }),
    );
  });

  test('who lost the air can be told who took it, and why', () => {
    fc.assert(
      fc.property(crowdedDay(START, 14), (occurrences) => {
        const { segments, encounters } = timeline(occurrences);
        for (const { at, winner, loser, effect } of encounters) {
          expect(
            segments.some(
              ({ occurrence: one, startAt, endAt }) => one === winner && startAt <= at && at < endAt,
            ),
          ).toBe(true);
          const cutOff = segments.some(({ occurrence: one, endAt }) => one === loser && endAt === at);
          expect(cutOff).toBe(effect === 'interrupted');
        }
        for (const { occurrence: one, startAt } of segments) {
          if (startAt === one.startAt) continue;
          expect(encounters.some(({ loser, at }) => loser === one && at < startAt)).toBe(true);
        }
      }),
    );
  });

  test('a window of the day is the same as that part of the whole day', () => {
    fc.assert(
      fc.property(crowdedDay(START, 14), fc.integer({ min: 0, max: 300 }), (occurrences, second) => {
        const from = START + second * SECOND;
        const whole = timeline(occurrences).segments;
        expect(timeline(occurrences, from, from + MINUTE).segments).toEqual(
          whole.filter(({ startAt, endAt }) => startAt < from + MINUTE && endAt > from),
        );
      }),
    );
  });
});

describe('told in words', () => {
  const asking = (id: string, at: number, minutes: number, more: Partial<Asking> = {}): Asking => ({
    id,
    priority: 'scheduled',
    resume: 'resume',
    startAt: START + at * MINUTE,
    endAt: START + (at + minutes) * MINUTE,
    notAfter: START + (at + 5) * MINUTE,
    ...more,
  });
  const told = (...occurrences: Asking[]) => {
    const { segments, fates, encounters } = timeline(occurrences);
    return {
      plays: segments.map(({ occurrence: { id }, startAt, endAt, fromMs, how }) => [
        id,
        how,
        (startAt - START) / MINUTE,
        (endAt - START) / MINUTE,
        fromMs / MINUTE,
      ]),
      fates: Object.fromEntries(
        fates.map(({ occurrence: { id }, kind, reason, by }) => [id, [kind, reason, by?.id ?? null]]),
      ),
      met: encounters.map(({ winner, loser, why, effect }) => [winner.id, why, effect, loser.id]),
    };
  };

  test('a storm warning interrupts the news, which goes on after it', () => {
    expect(told(asking('news', 0, 10), asking('storm', 4, 2, { priority: 'emergency' }))).toEqual({
      plays: [
        ['news', 'begin', 0, 4, 0],
        ['storm', 'begin', 4, 6, 0],
        ['news', 'resume', 6, 12, 4],
      ],
      fates: { news: ['pieces', null, null], storm: ['whole', null, null] },
      met: [['storm', 'higher', 'interrupted', 'news']],
    });
  });

  test('of two of a kind the second waits, and joins in the middle', () => {
    expect(told(asking('news', 0, 10), asking('music', 7, 10))).toEqual({
      plays: [
        ['news', 'begin', 0, 10, 0],
        ['music', 'join', 10, 17, 3],
      ],
      fates: { news: ['whole', null, null], music: ['part', null, null] },
      met: [['news', 'kept', 'held-back', 'music']],
    });
  });

  test('what would begin too late is not heard, by whom it was held back', () => {
    expect(told(asking('news', 0, 10), asking('music', 2, 10)).fates).toEqual({
      news: ['whole', null, null],
      music: ['never', 'too-late', 'news'],
    });
  });

  test('what does not come back after an interruption says so', () => {
    const music = asking('music', 0, 10, { resume: 'skip' });
    const storm = asking('storm', 4, 2, { priority: 'emergency' });
    expect(told(music, storm).fates).toEqual({
      music: ['part', 'skipped', 'storm'],
      storm: ['whole', null, null],
    });
    const long = asking('storm', 4, 40, { priority: 'emergency' });
    expect(told({ ...music, resume: 'resume' }, long).fates.music).toEqual([
      'part',
      'interrupted-too-long',
      'storm',
    ]);
  });

  test('two that start together: a name decides, the same on every device', () => {
    const { met, fates } = told(asking('b', 0, 10), asking('a', 0, 10));
    expect(met).toEqual([['a', 'drawn', 'held-back', 'b']]);
    expect(fates.b).toEqual(['never', 'too-late', 'a']);
  });

  test('what a board shows begins late, comes back, and ends at its end', () => {
    const notice = asking('notice', 0, 60, { stands: true });
    const storm = asking('storm', 10, 20, { priority: 'emergency' });
    const siren = asking('siren', -5, 12, { priority: 'emergency' });
    expect(told(notice, storm)).toMatchObject({
      plays: [
        ['notice', 'begin', 0, 10, 0],
        ['storm', 'begin', 10, 30, 0],
        ['notice', 'resume', 30, 60, 10],
      ],
      fates: { notice: ['part', null, null] },
    });
    // Held back for longer than it might be late elsewhere.
    expect(told(notice, siren).plays[1]).toEqual(['notice', 'join', 7, 60, 7]);
  });

  test('of two emergencies the later one is heard, then the first goes on', () => {
    const first = asking('first', 0, 10, { priority: 'emergency' });
    const second = asking('second', 3, 2, { priority: 'emergency' });
    expect(told(first, second).plays).toEqual([
      ['first', 'begin', 0, 3, 0],
      ['second', 'begin', 3, 5, 0],
      ['first', 'resume', 5, 12, 3],
    ]);
  });
});

test('what a guard keeps from being heard stands in nobody’s way, and its reason is told', () => {
  const night = {
    ...occurrence(START, [part('a'.repeat(64), MINUTE)], { schedule: 'night', priority: 'priority' }),
    withheld: 'quiet-hours' as const,
  };
  const song = { ...occurrence(START + SECOND, [part('a'.repeat(64), MINUTE)]), withheld: null };
  const { segments, fates, encounters } = timeline<Asking>([night, song]);
  expect(segments.map(({ occurrence: heard }) => heard.id)).toEqual([song.id]);
  expect(fates).toMatchObject([
    { kind: 'never', reason: 'quiet-hours', by: null, heardMs: 0, overAt: START },
    { kind: 'whole', reason: null },
  ]);
  expect(encounters).toEqual([]);
});
