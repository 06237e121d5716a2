import { expect, test } from 'vitest';
import { type BoardFacts, boardMode } from '#devices/board/mode';
import { type BoardSettings, FACTORY_BOARD } from '#devices/board/settings';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 24 November 2026, 23:30 in Phù Vân: 16:30 UTC. */
const LATE = Date.UTC(2026, 10, 24, 16, 30);
const NOON = Date.UTC(2026, 10, 24, 5);

const settings: BoardSettings = {
  ...FACTORY_BOARD,
  title: 'Phường Phù Vân',
  // 22:00–05:00 on the wall clock.
  off: [{ from: 15 * 60, until: 22 * 60 }],
  fallbacks: {
    idle: { show: 'clock' },
    linkLost: { show: 'name' },
    linkLostAfterMs: 10 * MINUTE,
    powerReturn: { show: 'dark' },
    powerReturnMs: 30_000,
    clockUnset: { show: 'name' },
  },
};
const calm: BoardFacts = { chosen: 'other', clockSet: true, unlinkedMs: 0, returningMs: null };
const mode = (facts: Partial<BoardFacts>, at = NOON, under: Partial<BoardSettings> = {}) =>
  boardMode({ ...settings, ...under }, { ...calm, ...facts }, at);

test('while all is well a board shows its plan, and what was chosen for idle hours when the plan has nothing', () => {
  expect(mode({})).toEqual({ mode: 'playing', fallback: null });
  expect(mode({ chosen: null })).toEqual({ mode: 'idle', fallback: { show: 'clock' } });
});

test('an emergency is shown over everything: off on purpose, no clock, no link, power that just came back', () => {
  const worst = { chosen: 'emergency', clockSet: false, unlinkedMs: 9 * HOUR, returningMs: 0 } as const;
  expect(mode(worst, LATE)).toEqual({ mode: 'emergency', fallback: null });
});

test('off on purpose is dark and says so, whatever else is wrong, at the very minutes', () => {
  expect(mode({}, LATE)).toEqual({ mode: 'off', fallback: { show: 'dark' } });
  expect(mode({ chosen: null, unlinkedMs: HOUR, returningMs: 5 }, LATE).mode).toBe('off');
  expect(mode({}, Date.UTC(2026, 10, 24, 15) - 1).mode).toBe('playing');
  expect(mode({}, Date.UTC(2026, 10, 24, 15)).mode).toBe('off');
  expect(mode({}, Date.UTC(2026, 10, 24, 22) - 1).mode).toBe('off');
  expect(mode({}, Date.UTC(2026, 10, 24, 22)).mode).toBe('playing');
  expect(mode({}, LATE, { off: [] }).mode, 'no stretch at all is never off').toBe('playing');
  const overMidnight = { off: [{ from: 23 * 60, until: 60 }] };
  expect(mode({}, Date.UTC(2026, 10, 24, 0, 30), overMidnight).mode).toBe('off');
  expect(mode({}, Date.UTC(2026, 10, 24, 1), overMidnight).mode).toBe('playing');
});

test('a clock that is not set knows no hours: it is not off on purpose, and shows no plan', () => {
  expect(mode({ clockSet: false }, LATE)).toEqual({ mode: 'clock-unset', fallback: { show: 'name' } });
  expect(mode({ clockSet: false, returningMs: 10, unlinkedMs: HOUR }).mode).toBe('clock-unset');
});

test('after the power came back its own picture stands, as long as was set and not longer', () => {
  expect(mode({ returningMs: 0 })).toEqual({ mode: 'power-return', fallback: { show: 'dark' } });
  expect(mode({ returningMs: 29_999, unlinkedMs: HOUR }).mode).toBe('power-return');
  expect(mode({ returningMs: 30_000 }).mode).toBe('playing');
  expect(mode({ returningMs: null }).mode).toBe('playing');
});

test('a lost link counts from the moment that was set; where the plan is to go on, nothing is seen of it', () => {
  expect(mode({ unlinkedMs: 10 * MINUTE - 1 }).mode).toBe('playing');
  expect(mode({ unlinkedMs: 10 * MINUTE })).toEqual({ mode: 'link-lost', fallback: { show: 'name' } });
  const going = { fallbacks: { ...settings.fallbacks, linkLost: { show: 'plan' } } } as const;
  expect(mode({ unlinkedMs: 99 * HOUR }, NOON, going)).toEqual({ mode: 'playing', fallback: null });
  expect(mode({ chosen: null, unlinkedMs: 99 * HOUR }, NOON, going).mode).toBe('idle');
});
