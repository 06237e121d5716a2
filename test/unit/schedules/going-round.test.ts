import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlanWriter } from '#controller/timetable/plan-text';
import { dueMsOf, partAt } from '#devices/board/loop';
import { goRound, layOut } from '#schedules/content';
import { findOverlaps } from '#schedules/overlaps';
import { buildPlan } from '#schedules/plan';
import type { TargetedSchedule } from '#schedules/schedule';
import { DAY, daily, HOUR, MINUTE, made, notice, sound } from './made.ts';

const from = Date.parse('2026-11-23T17:00Z');
const day = { from, to: from + DAY };
const once = { count: 1, gapMs: 0 };
const items = [notice('a', 1), { ...sound('b', 2), scene: notice('b', 2).scene }, notice('c', 3)];

/** Heard once, and shown for so long. */
function shown(id: string, minutes: number, of = items, time = '06:00'): TargetedSchedule {
  const boards = goRound(of, minutes * MINUTE);
  const content = layOut({ chime: null, items: of, repeat: once });
  return made(id, {
    rule: daily(time),
    content: boards === undefined ? content : { ...content, boards },
    devices: ['speaker-1', 'board-1'],
  });
}
const BOARD = { kind: 'board', codec: null } as const;
const SPEAKER = { kind: 'speaker', codec: 'opus' } as const;

describe('what a board goes on showing', () => {
  it('is one scene for the whole time, or several in turn', () => {
    const [only] = goRound([items[0]!, sound('x', 5)], 2 * HOUR)?.parts ?? [];
    expect(only).toMatchObject({ programme: 'a', offsetMs: 0, durationMs: 2 * HOUR });
    const round = goRound(items, 2 * HOUR);
    expect(round).toMatchObject({ loopMs: 6 * MINUTE, durationMs: 2 * HOUR });
    expect(round?.parts.map(({ programme, offsetMs }) => [programme, offsetMs / MINUTE])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 3],
    ]);
    expect(goRound([sound('x', 5)], HOUR)).toBeUndefined();
  });

  it('is cut at its end where it does not come round once', () => {
    const cut = goRound(items, 2 * MINUTE);
    expect(cut?.loopMs).toBeUndefined();
    expect(cut?.parts.map(({ programme, durationMs }) => [programme, durationMs / MINUTE])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('lasts on boards only: a loudspeaker beside it sounds once', () => {
    const schedule = shown('s', 120);
    const [board] = buildPlan([schedule], BOARD, day).occurrences;
    const [speaker] = buildPlan([schedule], SPEAKER, day).occurrences;
    expect(board).toMatchObject({ endAt: (board?.startAt ?? 0) + 2 * HOUR, loopMs: 6 * MINUTE });
    // An interruption must not make it stand longer than it may.
    expect([board?.resume, speaker?.resume]).toEqual(['join', 'resume']);
    // Whatever was wrong with the board until then, what is valid is shown.
    expect(board?.notAfter).toBe(board?.endAt);
    expect(speaker).toMatchObject({ endAt: (speaker?.startAt ?? 0) + 6 * MINUTE });
    expect(speaker?.loopMs).toBeUndefined();
  });

  it('is still in a plan that is made while it stands, when loudspeakers are long done', () => {
    const schedule = shown('s', 12 * 60);
    const noon = { from: from + 12 * HOUR, to: from + 13 * HOUR };
    expect(buildPlan([schedule], BOARD, noon).occurrences).toHaveLength(1);
    expect(buildPlan([schedule], SPEAKER, noon).occurrences).toHaveLength(0);
  });

  it('brings the pictures that its scenes name', () => {
    const picture = { sha256: 'f'.repeat(64), bytes: 9, type: 'image/png' as const };
    const scene = { ...notice('a', 1).scene!, files: [{ ...picture, panels: [{ width: 192, height: 96 }] }] };
    const plan = buildPlan([shown('s', 60, [{ ...items[0]!, scene }])], BOARD, day);
    expect(plan.blobs).toContainEqual({ ...picture, panels: [{ width: 192, height: 96 }] });
    const speakers = buildPlan([shown('s', 60, [{ ...items[1]!, scene }])], SPEAKER, day);
    expect(speakers.blobs.map(({ type }) => type)).toEqual(['audio/ogg']);
  });

  it('is told as an overlap where another wants the same boards, and not for loudspeakers that are done', () => {
    const other = shown('t', 60, items, '07:00');
    const [found, ...more] = findOverlaps(shown('s', 120), [other], day, from, (device) =>
      device === 'board-1' ? 'board' : 'speaker',
    );
    expect(more).toEqual([]);
    expect(found).toMatchObject({ devices: ['board-1'], longestMs: HOUR });
  });

  it('is no overlap with itself where it is for loudspeakers alone, which are done long before', () => {
    const often = {
      ...shown('s', 120),
      timetable: { ...shown('s', 120).timetable, rule: daily('06:00', '07:00') },
      devices: new Set(['speaker-1']),
    };
    expect(findOverlaps(often, [], day, from, () => 'speaker')).toEqual([]);
    const both = { ...often, devices: new Set(['speaker-1', 'board-1']) };
    const kindOf = (device: string) => (device === 'board-1' ? 'board' : 'speaker');
    expect(findOverlaps(both, [], day, from, kindOf)).toMatchObject([{ devices: ['board-1'] }]);
  });

  it('is written into the plan as it is', () => {
    const plan = buildPlan([shown('s', 120), shown('t', 10)], BOARD, day);
    expect(JSON.parse(new PlanWriter().write(plan))).toEqual(JSON.parse(JSON.stringify(plan)));
  });
});

describe('how long each part stands', () => {
  const round = fc
    .record({
      lengths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      gap: fc.integer({ min: 0, max: 3 }),
      total: fc.integer({ min: 1, max: 200 }),
    })
    .map(({ lengths, gap, total }) => {
      let at = 0;
      const parts = lengths.map((length) => {
        const offsetMs = at;
        at += length + gap;
        return { offsetMs, durationMs: length };
      });
      return { startAt: 1_000, endAt: 1_000 + total, loopMs: at, parts };
    });

  it('adds up to what stands at every moment', () => {
    fc.assert(
      fc.property(round, (occurrence) => {
        const { startAt, endAt, parts } = occurrence;
        const stood = parts.map(() => 0);
        for (let at = 0; at < endAt - startAt; at += 1) {
          const { index, sinceMs, untilMs } = partAt(occurrence, at);
          expect(sinceMs <= at && at < untilMs).toBe(true);
          if (index >= 0) stood[index] = (stood[index] ?? 0) + 1;
        }
        expect(stood).toEqual(parts.map((part) => dueMsOf(occurrence, part)));
      }),
    );
  });

  it('is asked for once only where nothing goes round', () => {
    expect(dueMsOf({ startAt: 0, endAt: 100 }, { offsetMs: 10, durationMs: 20 })).toBe(20);
  });
});
