import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AsRunRecord } from '#devices/as-run';
import {
  type DeviceFacts,
  type Expected,
  type Reconciliation,
  reconcile,
  type Silence,
} from '#schedules/reconcile';
import { MINUTE, sha } from './made.ts';

const startAt = Date.parse('2026-11-23T23:00Z');
/** A chime of 5 s and a programme of 55 s. */
const expected: Expected = {
  occurrence: `news@${startAt}`,
  startAt,
  endAt: startAt + MINUTE,
  notAfter: startAt + 5 * MINUTE,
  parts: [
    { index: 0, durationMs: 5_000, offsetMs: 0 },
    { index: 1, durationMs: 55_000, offsetMs: 5_000 },
  ],
};
const graceMs = MINUTE;
const settled = expected.endAt + graceMs;
const facts: DeviceFacts = {
  now: settled,
  graceMs,
  plannedKnown: true,
  outboxEmptyAt: settled,
  silence: { away: false, refused: false, fetching: false, recordsLost: false, faults: [] },
};
const silent: DeviceFacts = { ...facts, outboxEmptyAt: startAt };
/** As `facts`, with something that explains why nothing was told. */
const knowing = (silence: Partial<Silence>, more: Partial<DeviceFacts> = {}): DeviceFacts => ({
  ...facts,
  ...more,
  silence: { ...facts.silence, ...silence },
});

let seq = 0;
/** A stretch of a part, whole and on time unless said otherwise. */
function stretch(index: 0 | 1, more: Partial<AsRunRecord> = {}): AsRunRecord {
  const part = expected.parts[index]!;
  const dueAt = startAt + (part.offsetMs ?? 0);
  const startedAt = more.startedAt === undefined ? dueAt + 12.5 : more.startedAt;
  const playedMs = more.playedMs ?? (startedAt === null ? 0 : part.durationMs);
  seq += 1;
  return {
    seq,
    occurrence: expected.occurrence,
    schedule: 'news',
    part: { index, of: 2 },
    priority: 'scheduled',
    title: 'News',
    sha256: sha('news'),
    dueAt,
    endedAt: (startedAt ?? dueAt) + playedMs,
    clockErrorMs: 3,
    clockSynced: true,
    dueMs: part.durationMs,
    end: 'completed',
    volume: 60,
    muted: false,
    ...more,
    startedAt,
    playedMs,
  };
}
const missed = (index: 0 | 1, reason?: string) =>
  stretch(index, { startedAt: null, end: 'missed', ...(reason === undefined ? {} : { reason }) });
const verdict = (
  records: AsRunRecord[],
  about: DeviceFacts = facts,
): [Reconciliation['verdict'], string | null] => {
  const told = reconcile(expected, records, about);
  return [told.verdict, told.reason];
};

describe('the log says played only where the device proved it', () => {
  it('with the moment of the first sample and the milliseconds that came out', () => {
    expect(reconcile(expected, [stretch(0), stretch(1)], facts)).toEqual({
      verdict: 'played',
      reason: null,
      firstSampleAt: startAt + 12.5,
      latenessMs: 12.5,
      playedMs: 60_000,
      dueMs: 60_000,
    });
  });

  it('and at once when all of it came out, without waiting for the grace time', () => {
    expect(verdict([stretch(0), stretch(1)], { ...silent, now: expected.endAt })).toEqual(['played', null]);
  });

  it('late when it began more than two seconds after its time', () => {
    const joined = [stretch(0, { startedAt: startAt + 2_100 }), stretch(1, { startedAt: startAt + 7_100 })];
    expect(verdict(joined)).toEqual(['late', null]);
    const inTime = [stretch(0, { startedAt: startAt + 1_900 }), stretch(1, { startedAt: startAt + 6_900 })];
    expect(verdict(inTime)).toEqual(['played', null]);
  });

  it('with a doubt where the clock was not set or it began too early', () => {
    expect(verdict([stretch(0, { clockSynced: false }), stretch(1)])).toEqual(['played', 'clock-unsynced']);
    expect(verdict([stretch(0, { startedAt: startAt - 480_000 }), stretch(1)])).toEqual(['played', 'early']);
  });

  it('and 98 percent is the whole, less is a part', () => {
    expect(verdict([stretch(0), stretch(1, { playedMs: 53_800 })])).toEqual(['played', null]);
    expect(verdict([stretch(0), stretch(1, { playedMs: 53_700, end: 'fault', reason: 'decoder' })])).toEqual([
      'partial',
      'decoder',
    ]);
    expect(verdict([stretch(0), stretch(1, { playedMs: 20_000, end: 'power' })])).toEqual([
      'partial',
      'power',
    ]);
    expect(verdict([stretch(0), missed(1, 'not-cached')])).toEqual(['partial', 'not-cached']);
  });

  it('never for a speaker that was muted or turned down to nothing, or a board that was dark', () => {
    const muted = { muted: true };
    expect(verdict([stretch(0, muted), stretch(1, muted)])).toEqual(['missed', 'muted']);
    expect(verdict([stretch(0, { volume: 0 }), stretch(1, { volume: 0 })])).toEqual(['missed', 'muted']);
    expect(verdict([stretch(1, { brightness: 0 })])).toEqual(['missed', 'dark']);
    expect(verdict([stretch(0), stretch(1, muted)])).toEqual(['partial', 'muted']);
    expect(reconcile(expected, [stretch(0, muted), stretch(1)], facts).firstSampleAt).toBe(startAt + 5_012.5);
  });
});

describe('an interruption is told as one', () => {
  const first = stretch(1, { playedMs: 20_000, fromMs: 0, end: 'preempted', reason: 'outranked' });
  const backAt = startAt + 3 * MINUTE;

  it('when the rest did not come out', () => {
    expect(verdict([stretch(0), first])).toEqual(['preempted', 'outranked']);
    expect(verdict([missed(0, 'busy'), stretch(1, { playedMs: 0, end: 'preempted' })])).toEqual([
      'preempted',
      'preempted',
    ]);
  });

  it('but as played when it resumed and came to its end', () => {
    expect(
      verdict([stretch(0), first, stretch(1, { startedAt: backAt, playedMs: 35_000, fromMs: 20_000 })]),
    ).toEqual(['played', null]);
  });

  it('a restart counts what was heard once: 20 s and then the same 20 s and 20 more are 40 of 55', () => {
    const again = stretch(1, { startedAt: backAt, playedMs: 40_000, fromMs: 0, end: 'stopped' });
    const told = reconcile(expected, [stretch(0), first, again], facts);
    expect([told.verdict, told.playedMs]).toEqual(['preempted', 45_000]);
  });

  it('records without a position are laid along the clock', () => {
    const half = stretch(1, { playedMs: 30_000, end: 'preempted' });
    const rest = stretch(1, { startedAt: backAt, playedMs: 25_000 });
    expect(reconcile(expected, [stretch(0), half, half, rest], facts)).toMatchObject({
      verdict: 'played',
      playedMs: 60_000,
    });
  });
});

describe('silence is not proof', () => {
  it('before the grace time is over nothing is concluded from it', () => {
    expect(verdict([], { ...facts, now: settled - 1 })).toEqual(['pending', null]);
    expect(verdict([stretch(0)], { ...facts, now: settled - 1 })).toEqual(['pending', null]);
  });

  it('a device that was not heard since, or has more to send, is unknown', () => {
    expect(verdict([], silent)).toEqual(['unknown', 'no-word-since']);
    expect(verdict([], { ...silent, outboxEmptyAt: null })).toEqual(['unknown', 'no-word-since']);
    expect(verdict([], { ...facts, outboxEmptyAt: expected.endAt })).toEqual(['unknown', 'no-word-since']);
    expect(verdict([stretch(0)], silent)).toEqual(['partial', 'no-word-since']);
  });

  it('a device that came back with nothing to tell missed it', () => {
    expect(verdict([])).toEqual(['missed', 'no-record']);
    expect(verdict([], { ...facts, plannedKnown: false })).toEqual(['missed', 'no-plan']);
  });

  it('what was planned while a device had no link cannot have played: no word is needed for that', () => {
    const away = knowing({ away: true }, { plannedKnown: false, outboxEmptyAt: null });
    expect(verdict([], away)).toEqual(['missed', 'offline-since']);
    expect(verdict([], { ...away, now: settled - 1 })).toEqual(['pending', null]);
    expect(verdict([], { ...away, outboxEmptyAt: settled })).toEqual(['missed', 'offline-since']);
  });

  it('but one that went away with the plan may have played it, and is waited for', () => {
    expect(verdict([], knowing({ away: true }, { outboxEmptyAt: null }))).toEqual([
      'unknown',
      'no-word-since',
    ]);
  });

  it('a device without the plan tells why: it refused it, it lacked files, or it simply had none', () => {
    const without = { plannedKnown: false };
    expect(verdict([], knowing({ refused: true, fetching: true }, without))).toEqual(['missed', 'refused']);
    expect(verdict([], knowing({ fetching: true }, without))).toEqual(['missed', 'blob-missing']);
    expect(verdict([], knowing({ faults: ['disk-full'] }, without))).toEqual(['missed', 'no-plan']);
  });

  it('a device with the plan and nothing to tell had a fault, a wrong clock, or lost what it had to tell', () => {
    expect(verdict([], knowing({ recordsLost: true, faults: ['disk-full'] }))).toEqual([
      'missed',
      'record-lost',
    ]);
    expect(verdict([], knowing({ faults: ['disk-full', 'clock-unsynced'] }))).toEqual([
      'missed',
      'clock-unsynced',
    ]);
    expect(verdict([], knowing({ faults: ['disk-full'] }))).toEqual(['missed', 'device-fault']);
    expect(verdict([], knowing({ faults: ['download-failed'] }))).toEqual(['missed', 'no-record']);
  });

  it('whatever is known besides, evidence goes before it', () => {
    const all = knowing({ away: true, refused: true, recordsLost: true, faults: ['disk-full'] });
    expect(verdict([stretch(0), stretch(1)], { ...all, plannedKnown: false })).toEqual(['played', null]);
    expect(verdict([missed(0, 'blob-missing')], all)).toEqual(['missed', 'blob-missing']);
  });

  it('what a device began in the middle, and told to the end, is said to have begun in the middle', () => {
    const joined = stretch(1, { startedAt: startAt + 35_000, fromMs: 30_000, playedMs: 25_000 });
    expect(verdict([joined])).toEqual(['partial', 'incomplete']);
    const short = { ...expected, parts: expected.parts.slice(1) };
    expect(reconcile(short, [joined], facts)).toMatchObject({ verdict: 'partial', reason: 'joined-late' });
    expect(reconcile(short, [joined], silent).reason).toBe('joined-late');
    expect(reconcile(short, [{ ...joined, reason: 'powered-off' }], facts).reason).toBe('powered-off');
  });

  it("a horn that the device's own microphone did not hear has not played", () => {
    const dead = { end: 'fault', reason: 'amplifier-dead' } as const;
    expect(verdict([stretch(0, dead), stretch(1, dead)])).toEqual(['missed', 'amplifier-dead']);
    expect(verdict([stretch(0, dead), stretch(1, { muted: true })])).toEqual(['missed', 'muted']);
    expect(verdict([stretch(0), stretch(1, dead)])).toEqual(['partial', 'amplifier-dead']);
  });

  it('a device that says why it missed it is quoted', () => {
    expect(verdict([missed(0, 'not-cached'), missed(1, 'not-cached')], silent)).toEqual([
      'missed',
      'not-cached',
    ]);
    expect(verdict([missed(0), missed(1)])).toEqual(['missed', 'missed']);
  });

  it('records of another occurrence prove nothing about this one', () => {
    const other = `news@${startAt + 1}`;
    expect(verdict([stretch(0, { occurrence: other }), stretch(1, { occurrence: other })])).toEqual([
      'missed',
      'no-record',
    ]);
  });
});

describe('whatever arrives, in whatever order, however often', () => {
  const anyRecord: fc.Arbitrary<AsRunRecord> = fc
    .record({
      index: fc.constantFrom(0 as const, 1 as const),
      delay: fc.integer({ min: -5_000, max: 200_000 }),
      played: fc.integer({ min: 0, max: 60_000 }),
      fromMs: fc.option(fc.integer({ min: 0, max: 55_000 }), { nil: undefined }),
      began: fc.boolean(),
      end: fc.constantFrom('completed', 'preempted', 'stopped', 'expired', 'fault', 'power', 'missed'),
      reason: fc.option(fc.constantFrom('busy', 'not-cached', 'decoder', 'amplifier-dead'), {
        nil: undefined,
      }),
      muted: fc.boolean(),
      mine: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ index, delay, played, fromMs, began, end, reason, muted, mine }) => {
      const {
        fromMs: _none,
        reason: _no,
        ...record
      } = stretch(index, {
        startedAt: began ? startAt + delay : null,
        playedMs: began ? played : 0,
        end,
        muted,
        ...(mine === 0 ? { occurrence: 'other@1' } : {}),
      });
      return {
        ...record,
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(reason === undefined ? {} : { reason }),
      };
    });
  const moment = fc.option(fc.integer({ min: startAt - MINUTE, max: settled + MINUTE }));
  const anyFacts: fc.Arbitrary<DeviceFacts> = fc.record({
    now: fc.integer({ min: startAt - MINUTE, max: settled + 10 * MINUTE }),
    graceMs: fc.constant(graceMs),
    plannedKnown: fc.boolean(),
    outboxEmptyAt: moment,
    silence: fc.record({
      away: fc.boolean(),
      refused: fc.boolean(),
      fetching: fc.boolean(),
      recordsLost: fc.boolean(),
      faults: fc.uniqueArray(fc.constantFrom('disk-full', 'clock-unsynced', 'download-failed')),
    }),
  });
  const records = fc.array(anyRecord, { maxLength: 6 });

  it('order and repetition of records change nothing', () => {
    fc.assert(
      fc.property(records, anyFacts, fc.array(fc.nat()), (list, about, order) => {
        const told = reconcile(expected, list, about);
        const again = order.flatMap((at) => (list.length === 0 ? [] : list[at % list.length]!));
        const shuffled = [...list, ...again].map((record, index) => ({ record, key: order[index] ?? index }));
        shuffled.sort((a, b) => a.key - b.key);
        expect(
          reconcile(
            expected,
            shuffled.map(({ record }) => record),
            about,
          ),
        ).toEqual(told);
      }),
      { numRuns: 500 },
    );
  });

  it('the verdict says no more than the evidence: exactly one, and each of them only with what it needs', () => {
    fc.assert(
      fc.property(records, anyFacts, (list, about) => {
        const { verdict: said, reason, playedMs, dueMs, firstSampleAt } = reconcile(expected, list, about);
        const mine = list.filter(({ occurrence }) => occurrence === expected.occurrence);
        expect(dueMs).toBe(60_000);
        expect(playedMs).toBeLessThanOrEqual(dueMs);
        const audible = mine.filter(
          ({ startedAt, muted, playedMs: ms, reason: why }) =>
            startedAt !== null && !muted && why !== 'amplifier-dead' && ms > 0,
        );
        expect(playedMs > 0).toBe(
          audible.some(({ fromMs, part }) => (fromMs ?? 0) < (part.index === 0 ? 5_000 : 55_000)),
        );
        const complete = playedMs >= 0.98 * dueMs;
        const over = about.now >= settled;
        const allowed = {
          played: complete,
          late: complete && (firstSampleAt ?? 0) > startAt + 2_000,
          pending: !complete && !over,
          partial: !complete && over && playedMs > 0,
          preempted: !complete && over && mine.some(({ end }) => end === 'preempted'),
          missed:
            over &&
            playedMs === 0 &&
            (mine.length > 0 ||
              (about.outboxEmptyAt ?? 0) > expected.endAt ||
              (about.silence.away && !about.plannedKnown)),
          unknown: over && mine.length === 0 && (about.outboxEmptyAt ?? 0) < expected.endAt + 2_000,
        };
        expect([said, allowed[said]]).toEqual([said, true]);
        if (said === 'partial' || said === 'missed' || said === 'unknown' || said === 'preempted') {
          expect(reason).toMatch(/^[a-z][a-z0-9-]{1,47}$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('the whole evidence makes it played or late, whatever else there is', () => {
    fc.assert(
      fc.property(records, anyFacts, (list, about) => {
        const { verdict: said, playedMs } = reconcile(expected, [...list, stretch(0), stretch(1)], about);
        expect([said, playedMs]).toEqual(['played', 60_000]);
      }),
    );
  });
});
