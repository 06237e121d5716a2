import { afterEach, beforeEach, expect, test } from 'vitest';
import { boardSettings, litIn, noticePage, sceneBytes } from '../support/board-scenes.ts';
import { BOARD_START, BoardStand, scenePart, standing } from '../support/board-stand.ts';

let stand: BoardStand;
beforeEach(async () => {
  stand = await BoardStand.open();
});
afterEach(() => stand.close());

const S = 1_000;
const threePages = () =>
  sceneBytes([
    noticePage('Trang một', { dwellMs: 5 * S }),
    noticePage('Trang hai', { dwellMs: 7 * S }),
    noticePage('Trang ba', { dwellMs: 8 * S }),
  ]);
const pageNow = (): number | undefined => stand.board.report.scene?.page;

test('pages turn at their second for hours, and are told in one record with how often and how long each stood', async () => {
  const scene = await stand.keep(threePages());
  const shown = standing(10 * S, 3_610 * S, [scenePart(scene, 3_600 * S)]);
  stand.on([shown]);
  await stand.until(3_611 * S);
  // 180 rounds of 20 s, three pages each.
  expect(stand.turns.length).toBe(3 * 180);
  for (const { dueAt, litAt } of stand.turns) {
    expect((dueAt - BOARD_START) % S).toBeCloseTo(0, 3);
    expect(litAt - dueAt).toBeLessThan(1);
  }
  const records = stand.recordsOf(shown);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    end: 'completed',
    startedAt: shown.startAt,
    endedAt: shown.endAt,
    playedMs: 3_600 * S,
  });
  expect(records[0]?.pages?.map(({ index, of, times, shownMs }) => [index, of, times, shownMs])).toEqual([
    [0, 3, 180, 900 * S],
    [1, 3, 180, 1_260 * S],
    [2, 3, 180, 1_440 * S],
  ]);
  expect(new Set(records[0]?.pages?.map(({ pixelsSha256 }) => pixelsSha256)).size).toBe(3);
  // One picture of a scene that stood 540 times.
  expect(stand.pictures).toHaveLength(1);
  expect(records[0]?.evidence).toBe(stand.pictures[0]?.id);
  expect(stand.pictures[0]?.pixels).toBe(records[0]?.pixelsSha256);
});

test('what goes round is one record a part, with its rounds, and ends at its end', async () => {
  const [one, two] = [
    await stand.keep(sceneBytes([noticePage('Điện')])),
    await stand.keep(sceneBytes([noticePage('Nước')])),
  ];
  const parts = [scenePart(one, 20 * S), scenePart(two, 30 * S, { offsetMs: 20 * S, title: 'Nước' })];
  const shown = standing(5 * S, 575 * S, parts, { loopMs: 50 * S });
  stand.on([shown]);
  await stand.until(580 * S);
  // 570 s are 11 rounds and 20 s: the first part stands once more than the second.
  expect(stand.recordsOf(shown)).toMatchObject([
    { part: { index: 0 }, end: 'completed', rounds: 12, playedMs: 240 * S, dueMs: 240 * S },
    { part: { index: 1 }, end: 'completed', rounds: 11, playedMs: 330 * S, dueMs: 330 * S },
  ]);
  expect(stand.recordsOf(shown)[0]).not.toHaveProperty('fromMs');
  expect(stand.board.report.mode).toBe('idle');
  expect(litIn(await stand.look())).toBe(0);
});

test('an emergency is lit at its moment over everything, and the very page comes back for what was left of its time', async () => {
  const scene = await stand.keep(threePages());
  const shown = standing(0, 120 * S, [scenePart(scene, 120 * S)], { resume: 'join' });
  const alarm = await stand.keep(
    sceneBytes([
      {
        zones: [
          { item: { type: 'emergency', level: 'red', heading: 'KHẨN CẤP', text: 'Di chuyển lên cao' } },
        ],
      },
    ]),
  );
  stand.on([shown]);
  // Three seconds into the second page of the second round.
  await stand.until(28 * S);
  expect(pageNow()).toBe(1);
  const flood = standing(28 * S, 73 * S, [scenePart(alarm, 45 * S)], {
    schedule: 'em',
    priority: 'emergency',
    resume: 'skip',
  });
  stand.conductor.admit(flood, Number.NEGATIVE_INFINITY, {
    began: () => undefined,
    finished: () => undefined,
  });
  await stand.until(28 * S + 1);
  expect(stand.board.report).toMatchObject({ mode: 'emergency', scene: { sha256: alarm } });
  await stand.until(73 * S + 1);
  expect(stand.board.report).toMatchObject({ mode: 'playing', scene: { sha256: scene, page: 1 } });
  await stand.until(77 * S - 1);
  expect(pageNow()).toBe(1);
  await stand.until(77 * S + 1);
  expect(pageNow()).toBe(2);
  // It ends when it was to end, though an alarm came between.
  await stand.until(121 * S);
  expect(stand.board.report.scene).toBeNull();
  const [before, after] = stand.recordsOf(shown);
  expect(before).toMatchObject({ end: 'preempted', playedMs: 28 * S, fromMs: 0 });
  expect(after).toMatchObject({ end: 'expired', reason: 'window-over' });
  expect(after?.fromMs).toBeCloseTo(28 * S, 0);
  expect(after?.playedMs).toBeCloseTo(47 * S, 0);
  expect(after?.endedAt).toBe(shown.endAt);
  expect(stand.recordsOf(flood)).toMatchObject([{ end: 'completed', startedAt: flood.startAt }]);
});

test('a page goes at the second at which it expires, and a scene without pages leaves the board to its fallback', async () => {
  const bytes = sceneBytes([
    noticePage('Đến 8 giờ 00 phút 33', { dwellMs: 60 * S, until: BOARD_START + 33_250 }),
    noticePage('Từ 8 giờ 00 phút 40', {
      dwellMs: 60 * S,
      from: BOARD_START + 40_000,
      until: BOARD_START + 50_000,
    }),
  ]);
  const shown = standing(1 * S, 100 * S, [scenePart(await stand.keep(bytes), 99 * S)]);
  stand.on([shown]);
  await stand.until(33_249);
  expect(pageNow()).toBe(0);
  await stand.until(33_250);
  expect(stand.board.report).toMatchObject({ mode: 'idle', scene: null });
  expect(litIn(await stand.look())).toBe(0);
  await stand.until(40_001);
  expect(pageNow()).toBe(1);
  await stand.until(50_000);
  expect(pageNow()).toBeUndefined();
  await stand.until(101 * S);
  expect(stand.recordsOf(shown)).toMatchObject([
    { end: 'completed', playedMs: 42_250, pages: [{ shownMs: 32_250 }, { shownMs: 10_000 }] },
  ]);
});

test('what was due since the morning is shown by a board that starts at noon, in step with its neighbours', async () => {
  const scene = await stand.keep(threePages());
  const shown = standing(-4 * 3_600 * S, 60 * S, [scenePart(scene, 5 * 3_600 * S)]);
  stand.on([shown]);
  await stand.until(13 * S);
  // Four hours are 720 whole rounds.
  expect(pageNow()).toBe(2);
  await stand.until(61 * S);
  expect(stand.recordsOf(shown)).toMatchObject([
    { fromMs: 4 * 3_600 * S, playedMs: 60 * S, end: 'completed' },
  ]);
});

test('pictures are sampled by the clock, however often pages turn', async () => {
  stand.settings = boardSettings({}, { pictureEveryMs: 10 * 60 * S });
  const scene = await stand.keep(threePages());
  stand.on([standing(0, 7_200 * S, [scenePart(scene, 7_200 * S)])]);
  await stand.until(7_200 * S);
  expect(stand.pictures.length).toBeGreaterThanOrEqual(12);
  expect(stand.pictures.length).toBeLessThanOrEqual(14);
});
