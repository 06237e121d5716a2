import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { broadcastOccurrenceId } from '#devices/broadcast';
import type { BoardReport } from '#devices/messages/heartbeat';
import { SCENE_TYPE } from '#devices/scene';
import { PanelCondition } from '#firmware-sim/board/panel-condition';
import {
  boardSettings,
  hashOfPng,
  inlineScene,
  litIn,
  notice,
  noticePage,
  pageWith,
  pixelsOf,
  sceneBytes,
} from '../support/board-scenes.ts';
import { DeviceBench } from '../support/device-bench.ts';
import { broadcastOf, broadcastPart } from '../support/fake-broadcast.ts';
import { sha256, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 60_000 };
const SIZE = { width: 128, height: 64 };
const DARK = { settings: { board: boardSettings() } };
let bench: DeviceBench;
const condition = new PanelCondition();

beforeEach(async () => {
  bench = await DeviceBench.open();
  await bench.on({ kind: 'board', panel: SIZE, panelCondition: condition });
  await bench.born();
});
afterEach(() => bench.close());

const shownScene = (sha: string) => () =>
  bench.controller.heartbeats().find(({ board }) => board?.scene?.sha256 === sha);

async function capture(id: string) {
  const { controller } = bench;
  controller.command(await controller.signCommand({ v: 1, type: 'capture', seconds: 1 }, { id }));
  const told = await until('the picture is promised', () =>
    controller.acksOf(id).find(({ state }) => state === 'ended'),
  );
  return until('the picture comes', () => controller.evidence.get(told.evidence ?? ''));
}

test('a short scene comes with the order itself: it is lit without any download', PATIENCE, async () => {
  const { controller } = bench;
  await bench.ready((await controller.desire(null, DARK)).id);
  const scene = notice('Thông báo', 'Cắt điện tổ 3 từ 8 giờ.');
  const renditions = [inlineScene(scene)];
  const broadcast = broadcastOf([broadcastPart(scene, 4_000, { renditions })]);
  const t0 = Date.now() + 300;
  controller.command(await controller.signCommand({ v: 1, type: 'start', broadcast, t0 }, { id: 'start' }));
  const started = await until('it is lit', () =>
    controller.acksOf('start').find(({ state }) => state === 'started'),
  );
  expect(started.startedAt).toBeGreaterThanOrEqual(t0 - 20);
  const record = await until('it is told', () => bench.recordOf(broadcastOccurrenceId(broadcast.id, t0)));
  expect(record).toMatchObject({ end: 'completed', sha256: sha256(scene) });
  expect(controller.requests.filter(({ path }) => path.includes('/blobs/'))).toEqual([]);
  const picture = await until('its picture comes', () => controller.evidence.get(record.evidence ?? ''));
  expect(picture.pixels).toBe(record.pixelsSha256);
  expect(Math.abs(picture.takenAt - (record.startedAt ?? 0))).toBeLessThan(500);
});

test(
  'a scene in an order that is not the one that is signed for is not shown; the file itself is fetched',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await bench.ready((await controller.desire(null, DARK)).id);
    const scene = notice('Thông báo', 'Nội dung đã duyệt');
    controller.addBlob(scene);
    const inline = notice('Thông báo', 'Nội dung khác').toString('utf8');
    const renditions = [{ ...inlineScene(scene), inline }];
    const broadcast = broadcastOf([broadcastPart(scene, 3_000, { renditions })]);
    const t0 = Date.now() + 500;
    controller.command(await controller.signCommand({ v: 1, type: 'start', broadcast, t0 }));
    const record = await until('it is told', () => bench.recordOf(broadcastOccurrenceId(broadcast.id, t0)));
    expect(record).toMatchObject({ sha256: sha256(scene), end: 'completed' });
    expect(await readFile(join(bench.dir, 'blobs', sha256(scene)))).toEqual(scene);
    expect(controller.requests.filter(({ path }) => path.includes('/blobs/'))).toHaveLength(1);
  },
);

test(
  'of a plan only the pictures for this size of board are fetched, and it is whole with them',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const draw = async (width: number, height: number) => {
      const canvas = createCanvas(width, height);
      const brush = canvas.getContext('2d');
      brush.fillStyle = '#2080ff';
      brush.fillRect(0, 0, width, height);
      const bytes = await canvas.encode('png');
      return {
        bytes,
        file: {
          sha256: controller.addBlob(bytes),
          bytes: bytes.length,
          type: 'image/png' as const,
          width,
          height,
        },
      };
    };
    const [ours, theirs] = [await draw(SIZE.width, SIZE.height), await draw(1920, 1080)];
    const item = {
      type: 'image' as const,
      files: [ours.file, theirs.file],
      alt: 'Ảnh',
      fit: 'cover' as const,
    };
    const scene = controller.addBlob(sceneBytes([pageWith(item)]));
    const shown = occurrence(Date.now() + 2_000, [part(scene, 30_000, { type: SCENE_TYPE })]);
    const plan = planOf([shown], controller.blobs);
    const blob = ({ file }: typeof ours) => {
      const { sha256: name, bytes, type, width, height } = file;
      return { sha256: name, bytes, type, panels: [{ width, height }] };
    };
    plan.blobs.push(blob(ours), blob(theirs));
    await bench.ready((await controller.desire(plan, DARK)).id);
    const asked = controller.requests.map(({ path }) => path);
    expect(asked).toContain(`/device/v1/blobs/${ours.file.sha256}`);
    expect(asked).not.toContain(`/device/v1/blobs/${theirs.file.sha256}`);
    await until('it is lit', shownScene(scene));
    const pixels = await pixelsOf((await capture('look')).body);
    expect([...pixels.subarray(0, 3)]).toEqual([0x20, 0x80, 0xff]);
  },
);

test(
  'a file that is changed in the cache is not drawn, told, and drawn as soon as the right one is fetched again',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const scene = notice('Thông báo', 'Nội dung đã duyệt');
    const name = controller.addBlob(scene);
    const shown = occurrence(Date.now() + 20_000, [part(name, 30_000, { type: SCENE_TYPE })]);
    await bench.ready((await controller.desire(planOf([shown], controller.blobs), DARK)).id);
    await bench.off();
    // Somebody with the card in his own reader.
    await writeFile(join(bench.dir, 'blobs', name), notice('Thông báo', 'Nội dung lạ'));
    const births = controller.births().length;
    const now = occurrence(Date.now() - 1_000, [part(name, 60_000, { type: SCENE_TYPE })], { id: shown.id });
    await bench.on({ kind: 'board', panel: SIZE, clockPatienceMs: 200 });
    await bench.born(births);
    await bench.ready((await controller.desire(planOf([now], controller.blobs), DARK)).id);
    const heartbeat = await until('it is lit', shownScene(name));
    expect(heartbeat.board?.pixelsSha256).toBe(heartbeat.board?.seenSha256);
    expect(await readFile(join(bench.dir, 'blobs', name))).toEqual(scene);
  },
);

test(
  'what the board shows is in its heartbeat, short beats tell that it still draws, and a panel that lost its power says so',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const scene = controller.addBlob(sceneBytes([noticePage('Một'), noticePage('Hai')]));
    const shown = occurrence(Date.now() + 1_500, [part(scene, 60_000, { type: SCENE_TYPE })]);
    await bench.ready((await controller.desire(planOf([shown], controller.blobs), DARK)).id);
    const { board, brightness } = await until('it is lit', shownScene(scene));
    expect(board).toMatchObject({ mode: 'playing', scene: { page: 0, of: 2 }, powered: true, deadPixels: 0 });
    expect(board?.lux).toBeGreaterThan(0);
    expect(brightness).toBe(80);
    await until('a short beat follows', () =>
      controller.heard.some(
        ({ kind, message }) => kind === 'beat' && Number(Reflect.get(Object(message), 'drawnAgoMs')) >= 0,
      ),
    );
    const taken = await capture('lit');
    expect(litIn(await pixelsOf(taken.body))).toBeGreaterThan(100);
    expect(taken.pixels).toBe(await hashOfPng(taken.body));
    condition.unpowered = true;
    try {
      await until('it is told', () =>
        controller
          .heartbeats()
          .some((told) => told.board?.powered === false && told.faults.includes('panel-power')),
      );
      expect(litIn(await pixelsOf((await capture('black')).body))).toBe(0);
    } finally {
      condition.unpowered = false;
    }
  },
);

test('an emergency whose picture never comes is lit at once with its words', PATIENCE, async () => {
  const { controller } = bench;
  await bench.ready((await controller.desire(null, DARK)).id);
  const missing = {
    sha256: 'c'.repeat(64),
    bytes: 900,
    type: 'image/png' as const,
    width: SIZE.width,
    height: SIZE.height,
  };
  const scene = sceneBytes([
    pageWith({ type: 'image', files: [missing], alt: 'Nước dâng cao', fit: 'contain' }),
  ]);
  const renditions = [inlineScene(scene)];
  const { width, height, ...file } = missing;
  const files = [{ ...file, panels: [{ width, height }] }];
  const broadcast = broadcastOf([broadcastPart(scene, 5_000, { renditions, files })], {
    priority: 'emergency',
  });
  const t0 = Date.now() + 400;
  controller.command(await controller.signCommand({ v: 1, type: 'start', broadcast, t0 }, { id: 'start' }));
  const started = await until('it is lit', () =>
    controller.acksOf('start').find(({ state }) => state === 'started'),
  );
  expect((started.startedAt ?? 0) - t0).toBeLessThan(2_000);
  expect(litIn(await pixelsOf((await capture('look')).body))).toBeGreaterThan(50);
});

test(
  'no quiet hour keeps a notice off a board, and after a power cut what goes round is joined and told in two records a part',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const scenes = ['Điện', 'Nước'].map((text) => controller.addBlob(sceneBytes([noticePage(text)])));
    const parts = scenes.map((name, index) =>
      part(name, 1_000, { type: SCENE_TYPE, offsetMs: index * 1_000, title: `Phần ${index}` }),
    );
    const startAt = Date.now() - 6_000;
    const shown = occurrence(startAt, parts, {
      loopMs: 2_000,
      endAt: Math.round(startAt) + 26_000,
      // For loudspeakers it would be too late to begin.
      notAfter: Math.round(startAt) + 1_000,
    });
    const guards = { allowed: [{ from: 0, until: 0 }], longestMs: 1_000 };
    const settings = { guards, board: boardSettings() };
    await bench.ready((await controller.desire(planOf([shown], controller.blobs), { settings })).id);
    await until('both parts stood', () =>
      scenes.every((name) =>
        bench.controller.heartbeats().some(({ board }) => board?.scene?.sha256 === name),
      ),
    );
    const births = controller.births().length;
    await bench.off();
    await bench.on({ kind: 'board', panel: SIZE });
    await bench.born(births);
    await until(
      'it is over, and told',
      () => bench.recordsOf(shown.id).some(({ end }) => end === 'completed'),
      60_000,
    );
    const records = bench.recordsOf(shown.id);
    expect(records.filter(({ end }) => end === 'power').map(({ part: { index } }) => index)).toEqual([0, 1]);
    for (const record of records) {
      expect(record.rounds).toBeGreaterThanOrEqual(1);
      expect(record.dueMs).toBe(13_000);
      expect(record.playedMs).toBeLessThan(13_000);
    }
  },
);

test(
  'a script of faults breaks a panel, and its heartbeat tells of it until it is well again',
  PATIENCE,
  async () => {
    await bench.off();
    const births = bench.controller.births().length;
    const faults = [
      { type: 'panel-dead-pixels' as const, afterMs: 0, count: 37 },
      { type: 'panel-power' as const, afterMs: 0, forMs: 6_000 },
    ];
    await bench.on({ kind: 'board', panel: SIZE, panelCondition: new PanelCondition(), faults });
    await bench.born(births);
    const heard = (is: (board: BoardReport | undefined, told: readonly string[]) => boolean) =>
      bench.controller.heartbeats().some(({ board, faults: told }) => is(board, told));
    await until('the power is told as gone', () =>
      heard((board, told) => board?.powered === false && told.includes('panel-power')),
    );
    await until('the power is back, and 37 pixels are not', () =>
      heard((board, told) => board?.deadPixels === 37 && !told.includes('panel-power')),
    );
  },
);
