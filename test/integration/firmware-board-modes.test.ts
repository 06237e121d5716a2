import { afterEach, beforeEach, expect, test } from 'vitest';
import { boardSettings, litIn, noticePage, sceneBytes } from '../support/board-scenes.ts';
import { BOARD_START, BoardStand, scenePart, standing } from '../support/board-stand.ts';

let stand: BoardStand;
beforeEach(async () => {
  stand = await BoardStand.open();
});
afterEach(() => stand.close());

const S = 1_000;
const MINUTE = 60 * S;
const EVER = { began: () => undefined, finished: () => undefined };
const mode = () => stand.board.report.mode;
const sceneNow = () => stand.board.report.scene?.sha256 ?? null;
const notice = (text: string) => stand.keep(sceneBytes([noticePage(text)]));

test('with nothing scheduled the board shows the time, and a stored scene where one is chosen', async () => {
  stand.settings = boardSettings({ idle: { show: 'clock' } });
  stand.on();
  await stand.until(1 * S);
  expect(mode()).toBe('idle');
  const eight = await stand.shot();
  expect(litIn(await stand.look())).toBeGreaterThan(100);
  await stand.until(59 * S);
  expect((await stand.shot()).pixels).toBe(eight.pixels);
  await stand.until(60 * S);
  expect((await stand.shot()).pixels).not.toBe(eight.pixels);
  const stored = await notice('Phường Phù Vân');
  stand.settings = boardSettings({ idle: { show: 'scene', sha256: stored, bytes: 1 } });
  await stand.until(66 * S);
  expect(sceneNow()).toBe(stored);
});

test('without a link for long the board says so, and the plan is back as soon as the link is', async () => {
  const [plan, lost] = [await notice('Theo kế hoạch'), await notice('Mất liên lạc')];
  stand.settings = boardSettings({
    linkLost: { show: 'scene', sha256: lost, bytes: 1 },
    linkLostAfterMs: 10 * MINUTE,
  });
  const shown = standing(0, 60 * MINUTE, [scenePart(plan, 60 * MINUTE)]);
  stand.on([shown]);
  stand.line.unlinkedMs = 9 * MINUTE;
  await stand.until(10 * S);
  expect(sceneNow()).toBe(plan);
  stand.line.unlinkedMs = 10 * MINUTE;
  await stand.until(20 * S);
  expect([mode(), sceneNow()]).toEqual(['link-lost', lost]);
  stand.line.unlinkedMs = 0;
  await stand.until(30 * S);
  expect([mode(), sceneNow()]).toEqual(['playing', plan]);
  await stand.until(61 * MINUTE);
  // What the fallback stood over is not told as shown.
  const [first, second] = stand.recordsOf(shown);
  expect(first).toMatchObject({ end: 'stopped', reason: 'link-lost' });
  expect(second).toMatchObject({ end: 'completed' });
  expect((first?.playedMs ?? 0) + (second?.playedMs ?? 0)).toBe(60 * MINUTE - 10 * S);
});

test('after the power came back the name stands until the newest plan is known, and for half a minute at most', async () => {
  stand.settings = boardSettings({}, { title: 'Phường Phù Vân' });
  stand.line.upToDate = false;
  const plan = await notice('Theo kế hoạch');
  stand.on([standing(-MINUTE, MINUTE, [scenePart(plan, 2 * MINUTE)])]);
  await stand.until(10 * S);
  expect([mode(), sceneNow()]).toEqual(['power-return', null]);
  expect(litIn(await stand.look())).toBeGreaterThan(100);
  await stand.until(30 * S);
  expect([mode(), sceneNow()]).toEqual(['playing', plan]);
});

test('the plan is lit at once when it is known to be the newest, and a link that is lost later does not bring the name back', async () => {
  stand.line.upToDate = false;
  const plan = await notice('Theo kế hoạch');
  stand.on([standing(-MINUTE, MINUTE, [scenePart(plan, 2 * MINUTE)])]);
  await stand.until(2 * S);
  stand.line.upToDate = true;
  stand.board.filesCame();
  expect(sceneNow()).toBe(plan);
  stand.line.upToDate = false;
  await stand.until(20 * S);
  expect(sceneNow()).toBe(plan);
});

test('a board whose clock is not set shows its name, and never a notice at an hour that nobody chose', async () => {
  await stand.close();
  stand = await BoardStand.open({ clockDead: true });
  stand.settings = boardSettings({}, { title: 'Phường Phù Vân' });
  stand.on([standing(0, MINUTE, [scenePart(await notice('Theo kế hoạch'), MINUTE)])]);
  await stand.until(20 * S);
  expect([mode(), sceneNow()]).toEqual(['clock-unset', null]);
  expect(litIn(await stand.look())).toBeGreaterThan(100);
});

test('off on purpose is dark and said to be, but for an emergency, and what was due then is told as not shown', async () => {
  const minuteOfDay = 60;
  stand.settings = boardSettings({}, { off: [{ from: minuteOfDay + 1, until: minuteOfDay + 5 }] });
  const plan = await notice('Theo kế hoạch');
  const alarm = await stand.keep(
    sceneBytes([{ zones: [{ item: { type: 'emergency', level: 'red', heading: 'KHẨN CẤP', text: 'Lũ' } }] }]),
  );
  const shown = standing(0, 10 * MINUTE, [scenePart(plan, 10 * MINUTE)]);
  const missed = standing(2 * MINUTE, 3 * MINUTE, [scenePart(plan, MINUTE)], {
    schedule: 's2',
    priority: 'priority',
    resume: 'skip',
  });
  stand.on([shown, missed]);
  await stand.until(MINUTE - 1);
  expect(mode()).toBe('playing');
  await stand.until(MINUTE);
  expect([mode(), sceneNow()]).toEqual(['off', null]);
  expect(litIn(await stand.look())).toBe(0);
  const flood = standing(4 * MINUTE, 4 * MINUTE + 20 * S, [scenePart(alarm, 20 * S)], {
    schedule: 'em',
    priority: 'emergency',
    resume: 'skip',
  });
  await stand.until(4 * MINUTE - 2 * S);
  stand.conductor.admit(flood, Number.NEGATIVE_INFINITY, EVER);
  await stand.until(4 * MINUTE);
  expect([mode(), sceneNow()]).toEqual(['emergency', alarm]);
  await stand.until(4 * MINUTE + 20 * S);
  expect([mode(), sceneNow()]).toEqual(['off', null]);
  await stand.until(5 * MINUTE);
  expect([mode(), sceneNow()]).toEqual(['playing', plan]);
  await stand.until(11 * MINUTE);
  expect(stand.recordsOf(shown).map(({ end, reason }) => [end, reason])).toEqual([
    ['stopped', 'board-off'],
    // Two interruptions have moved it, and it ends at its end all the same.
    ['expired', 'window-over'],
  ]);
  expect(stand.recordsOf(missed)).toMatchObject([{ end: 'missed', reason: 'board-off', startedAt: null }]);
  expect(stand.recordsOf(flood)).toMatchObject([{ end: 'completed', playedMs: 20 * S }]);
});

test('a board as it is by the sensor does not flicker for a passing cloud, and says how bright it was', async () => {
  const points = [
    { lux: 10, brightness: 10 },
    { lux: 10_000, brightness: 100 },
  ];
  stand.settings = boardSettings({}, { brightness: { by: 'sensor', points, hysteresis: 0.3 } });
  stand.sensor.set(10_000);
  const shown = standing(0, 60 * S, [scenePart(await notice('Sáng'), 60 * S)]);
  stand.on([shown]);
  await stand.until(5 * S);
  expect([stand.board.brightness, stand.board.report.lux]).toEqual([100, 10_000]);
  stand.sensor.set(8_000);
  await stand.until(10 * S);
  expect(stand.board.brightness).toBe(100);
  stand.sensor.set(10);
  await stand.until(20 * S);
  expect(stand.board.brightness).toBe(10);
  // A sensor that says nothing leaves it at what is set.
  stand.sensor.set(null);
  await stand.until(30 * S);
  expect(stand.board.brightness).toBe(80);
  expect(stand.board.report).not.toHaveProperty('lux');
  await stand.until(61 * S);
  expect(stand.recordsOf(shown)[0]?.brightness).toBe(80);
});

test('neighbouring boards with the same stored scene turn its pages together', async () => {
  const stored = await stand.keep(
    sceneBytes([noticePage('Một', { dwellMs: 6 * S }), noticePage('Hai', { dwellMs: 6 * S })]),
  );
  stand.settings = boardSettings({ idle: { show: 'scene', sha256: stored, bytes: 1 } });
  stand.on();
  const pages: (number | undefined)[] = [];
  for (let at = 0; at < 24; at += 3) {
    await stand.until(at * S + 1_500);
    const expected = Math.floor(((BOARD_START + at * S + 1_500) % (12 * S)) / (6 * S));
    pages.push(stand.board.report.scene?.page);
    expect(stand.board.report.scene?.page).toBe(expected);
  }
  expect(new Set(pages).size).toBe(2);
});
