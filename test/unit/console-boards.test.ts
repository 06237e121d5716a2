import { expect, test } from 'vitest';
import type { BoardView } from '#controller/http/contract/boards';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { brightnessAt } from '#devices/board/brightness';
import { problemsOf } from '../../web-console/pages/boards/problems.ts';
import { modeOf, stepSign } from '../../web-console/pages/boards/signs.ts';
import { type Draft, lackOf, ruleOf, suggested } from '../../web-console/pages/device/board/draft.ts';
import { freshDraft, untilMidnight } from '../../web-console/pages/schedules/draft.ts';
import { placeIn } from '../../web-console/words/place.ts';

const NOW = Date.UTC(2026, 10, 24, 5);
const MINUTE = 60_000;

/** A board on which all is well. */
const well: BoardView = {
  ...{ id: 'b', name: 'Bảng cổng phường', areaName: null, display: 'led', online: true },
  panel: { width: 192, height: 96, pitchMm: 5 },
  ...{ lastHeardAt: NOW - 9_000, mode: 'playing', frozenSince: null, powered: true, deadPixels: 0 },
  desired: {
    ...{ occurrence: 'x@1', title: 'Cắt điện', priority: 'scheduled', sceneSha256: 'a' },
    ...{ since: NOW - 10 * MINUTE, until: NOW + 60 * MINUTE },
  },
  acknowledged: { is: true, at: NOW - 10 * MINUTE },
  rendered: {
    ...{ sceneSha256: 'a', page: 0, of: 1, pixelsSha256: 'p', as: 'same' },
    at: NOW - 9_000,
  },
  seen: { pictureId: 'e', at: NOW - 5 * MINUTE, fresh: true, as: 'same' },
  ...{ brightness: 60, lux: null, viewingMetres: 15, pictureEveryMinutes: 15 },
};
const board = (change: Partial<BoardView>): BoardView => ({ ...well, ...change });
const codes = (change: Partial<BoardView>): string[] =>
  problemsOf(board(change), NOW).map(({ code }) => code);

test('a board on which all is well has no problem; dark on purpose is none either', () => {
  expect(codes({})).toEqual([]);
  expect(codes({ mode: 'off', desired: null })).toEqual([]);
});

test('what is wrong stands in the order of what it costs, each with something to do', () => {
  expect(
    codes({
      frozenSince: NOW - MINUTE,
      deadPixels: 40,
      rendered: { ...(well.rendered as NonNullable<BoardView['rendered']>), as: 'different' },
      seen: { pictureId: 'e', at: NOW, fresh: true, as: 'different' },
    }),
  ).toEqual(['frozen', 'shows-other', 'draws-other', 'dead-pixels']);
  expect(problemsOf(board({ deadPixels: 3 }), NOW)[0]?.tone).toBe('warn');
  expect(problemsOf(board({ deadPixels: 40 }), NOW)[0]?.tone).toBe('bad');
});

test('of a silent board only its silence is told: its last words are no news', () => {
  expect(codes({ online: false, frozenSince: NOW - MINUTE, deadPixels: 40 })).toEqual(['away']);
  expect(codes({ online: false, lastHeardAt: null })).toEqual([]);
  expect(modeOf(board({ online: false }))).toBe('away');
  expect(stepSign(board({ online: false }), 'rendered')).toMatchObject({ says: 'silent', shape: 'question' });
});

test('an old picture is never taken for what is lit now, whatever it agreed with', () => {
  const seen = { pictureId: 'e', at: NOW - 120 * MINUTE, fresh: false, as: 'same' } as const;
  expect(stepSign(board({ seen }), 'seen')).toMatchObject({ says: 'old', tone: 'warn' });
  expect(codes({ seen })).toEqual(['picture-old']);
  // Nobody misses a picture that was not due yet, or never is.
  expect(codes({ seen, pictureEveryMinutes: 240 })).toEqual([]);
  expect(codes({ seen, pictureEveryMinutes: 0 })).toEqual([]);
});

test('what a board has not taken is a problem after a minute, not at once', () => {
  const acknowledged = { is: false, at: null };
  const asked = (since: number) => ({ ...(well.desired as NonNullable<BoardView['desired']>), since });
  expect(codes({ acknowledged, desired: asked(NOW - 30_000) })).toEqual([]);
  expect(codes({ acknowledged, desired: asked(NOW - 90_000) })).toEqual(['not-taken']);
});

test('the four steps are four facts: one may be well while the next is not', () => {
  const frozen = board({ frozenSince: NOW - MINUTE });
  const tones = (['asked', 'acknowledged', 'rendered', 'seen'] as const).map(
    (step) => stepSign(frozen, step).tone,
  );
  expect(tones).toEqual(['good', 'good', 'bad', 'good']);
  expect(stepSign(board({ powered: false }), 'rendered').says).toBe('powerless');
});

test('nobody is told that pixels of a standby picture were compared', () => {
  expect(stepSign(board({}), 'rendered').says).toBe('same');
  expect(stepSign(board({ desired: null, mode: 'idle' }), 'rendered').says).toBe('standby');
});

test('a draft of settings that a board could not follow is not saved', () => {
  const draft = (change: Partial<Draft>): Draft => ({
    ...{ title: '', linkLostAfterMinutes: 60, powerReturnSeconds: 30, pictureEveryMinutes: 15 },
    ...{ idle: { show: 'clock' }, linkLost: { show: 'plan' }, powerReturn: { show: 'name' } },
    ...{ clockUnset: { show: 'name' }, off: [], brightness: { by: 'fixed' }, rectangle: null },
    ...{ viewingMetres: 15, fixed: 60 },
    ...change,
  });
  expect(lackOf(draft({}))).toBeNull();
  expect(lackOf(draft({ off: [{ from: '22:00', until: '22:00' }] }))).toBe('off');
  expect(lackOf(draft({ off: [{ from: '22:00', until: '' }] }))).toBe('off');
  for (const by of ['time', 'sun', 'sensor'] as const) {
    expect(lackOf(draft({ brightness: suggested(by, 60) })), by).toBeNull();
  }
  const twice = [
    { from: '06:00', brightness: 1 },
    { from: '06:00', brightness: 2 },
  ];
  expect(lackOf(draft({ brightness: { by: 'time', steps: twice } }))).toBe('steps');
});

test('the chart of the day is drawn by the rule that the board will have, in the time of the site', () => {
  const place = placeIn('Asia/Ho_Chi_Minh');
  const at = (time: string): number => place.instant('2026-11-24', time);
  const steps = ruleOf(suggested('time', 80), null, place, NOW);
  expect(brightnessAt(steps, 0, at('12:00')).brightness).toBe(80);
  expect(brightnessAt(steps, 0, at('05:59')).brightness).toBe(20);
  expect(brightnessAt(steps, 0, at('18:00')).brightness).toBe(20);
  const where: DeviceDetail['boardPlace'] = { latitude: 20.53, longitude: 105.91, by: 'area' };
  const sun = ruleOf(suggested('sun', 80), where, place, NOW);
  expect(brightnessAt(sun, 0, at('12:00')).brightness).toBe(80);
  expect(brightnessAt(sun, 0, at('00:00')).brightness).toBe(20);
});

test('until the day is over means from the last start of a day, so that no start meets the one before', () => {
  const draft = freshDraft('2026-11-24', undefined);
  expect(untilMidnight(draft)).toBe(18 * 60);
  expect(untilMidnight({ ...draft, times: ['06:00', '17:30'] })).toBe(6 * 60 + 30);
  expect(untilMidnight({ ...draft, times: ['06:00', ''] })).toBe(18 * 60);
  expect(untilMidnight({ ...draft, kind: 'cron' })).toBeNull();
});
