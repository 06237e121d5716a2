import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arbitrate,
  type Claim,
  FINAL_REFUSALS,
  LONGEST_INTERRUPTION_MS,
  RANK,
  type Refusal,
} from '#devices/arbitrate';
import { crowdedDay } from '../support/claims.ts';

const START = 1_795_400_000_000;
const SECOND = 1_000;

/** A claim in the device's memory, as it looks at it again and again. */
interface Remembered extends Claim {
  progress?: Exclude<Claim['progress'], undefined>;
}
type Ending = Refusal | 'completed';

/** What happens to a device: it looks at its claims at uneven intervals, and now and then the power goes. */
const anyLife = fc.record({
  pauses: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 40 }),
  /** At every so many looks it comes up anew: what it was playing it knows only from the plan. */
  boots: fc.array(fc.nat({ max: 60 }), { maxLength: 4 }),
});
const anyDay = fc.tuple(crowdedDay(START, 14), anyLife);
type Day = typeof anyDay extends fc.Arbitrary<infer D> ? D : never;

/** Lets a day pass over a device, telling each look at the claims, until long after the last of them. */
function live(
  [occurrences, { pauses, boots }]: Day,
  look: (claims: Remembered[], now: number, result: ReturnType<typeof arbitrate<Remembered>>) => void,
): Map<string, Ending[]> {
  const claims = occurrences.map((one): Remembered => ({ ...one }));
  const endings = new Map(claims.map(({ id }) => [id, [] as Ending[]]));
  const last = Math.max(...claims.map(({ endAt, notAfter }) => Math.max(endAt, notAfter)));
  const until = last + claims.length * 60 * SECOND + LONGEST_INTERRUPTION_MS + SECOND;
  let now = START;
  for (let turn = 0; now <= until; turn += 1) {
    const open = claims.filter(({ id }) => endings.get(id)?.length === 0);
    if (boots.includes(turn)) for (const claim of open) delete claim.progress;
    const result = arbitrate(open, now);
    look(claims, now, result);
    for (const { claim, reason } of result.refused) {
      if (!FINAL_REFUSALS.has(reason)) continue;
      const whole = reason === 'window-over' && claim.progress?.state === 'playing';
      endings.get(claim.id)?.push(whole ? 'completed' : reason);
    }
    for (const claim of result.suspended) {
      if (claim.progress?.state !== 'playing') continue;
      const positionMs = claim.progress.fromMs + now - claim.progress.since;
      claim.progress = { state: 'interrupted', since: now, positionMs };
    }
    if (result.playing !== null)
      result.playing.claim.progress = { state: 'playing', since: now, fromMs: result.playing.fromMs };
    // Nothing happens for long stretches of the night: the looks become rarer.
    now += (pauses[turn % pauses.length] ?? 1) * SECOND * (now > last ? 5 : 1);
  }
  return endings;
}

const within = (day: Day, check: Parameters<typeof live>[1]) => void live(day, check);

describe('through any day, with delays and power cuts', () => {
  test('every claim ends, and in exactly one way', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        for (const [id, ended] of live(day, () => undefined)) expect(ended, id).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  test('what is over stays over: asked again later, it never comes back', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 7_200 }), (day, later) => {
        within(day, (_, now, { refused }) => {
          for (const { claim, reason } of refused) {
            // What is skipped is cut off in the same moment, which the device has not written down yet here.
            if (!FINAL_REFUSALS.has(reason) || reason === 'skipped') continue;
            expect(arbitrate([claim], now + later * SECOND).playing).toBeNull();
          }
        });
      }),
    );
  });

  test('nothing that may sound is silenced by something lower, nor by nothing', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        within(day, (_, now, { playing, suspended, refused }) => {
          const silent = [
            ...suspended,
            ...refused.filter(({ reason }) => !FINAL_REFUSALS.has(reason)).map(({ claim }) => claim),
          ];
          for (const claim of silent) {
            if (arbitrate([claim], now).playing === null) continue;
            expect(playing).not.toBeNull();
            expect(RANK[playing?.claim.priority ?? 'background']).toBeGreaterThanOrEqual(
              RANK[claim.priority],
            );
          }
        });
      }),
    );
  });

  test('of two emergencies the later one is never the silent one', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        within(day, (_, now, { playing, suspended, refused }) => {
          if (playing?.claim.priority !== 'emergency') return;
          for (const claim of [...suspended, ...refused.map((one) => one.claim)]) {
            if (claim.priority !== 'emergency' || arbitrate([claim], now).playing === null) continue;
            expect(claim.startAt).toBeLessThanOrEqual(playing.claim.startAt);
          }
        });
      }),
    );
  });

  test('what is being heard is not cut off by its equal', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        within(day, (claims, now, { playing, suspended }) => {
          for (const claim of suspended) {
            const heard = claims.find(({ id }) => id === claim.id)?.progress;
            if (heard?.state !== 'playing' || claim.priority === 'emergency') continue;
            expect(RANK[playing?.claim.priority ?? 'background'], `${claim.id} at ${now}`).toBeGreaterThan(
              RANK[claim.priority],
            );
          }
        });
      }),
    );
  });

  test('after an interruption each goes on as its policy says', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        within(day, (_, now, { playing }) => {
          if (playing?.claim.progress?.state !== 'interrupted') return;
          const { claim, how, fromMs } = playing;
          const policies = {
            resume: {
              how: 'resume',
              fromMs: claim.progress?.state === 'interrupted' ? claim.progress.positionMs : -1,
            },
            restart: { how: 'restart', fromMs: 0 },
            join: { how: 'join', fromMs: now - claim.startAt },
            skip: null,
          };
          expect({ how, fromMs }).toEqual(policies[claim.resume]);
        });
      }),
    );
  });
});
