import { afterEach, beforeEach, expect, test } from 'vitest';
import { broadcastOccurrenceId } from '#devices/broadcast';
import { SCENE_TYPE } from '#devices/scene';
import { boardSettings, hashOfPng, litIn, notice, pixelsOf } from '../support/board-scenes.ts';
import { DeviceBench } from '../support/device-bench.ts';
import { broadcastOf, broadcastPart } from '../support/fake-broadcast.ts';
import { sha256, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 60_000 };
const SIZE = { width: 192, height: 96 };
const DARK = { settings: { board: boardSettings() } };
let bench: DeviceBench;

beforeEach(async () => {
  bench = await DeviceBench.open();
  await bench.on({ kind: 'board', panel: SIZE });
  await bench.born();
});
afterEach(() => bench.close());

test(
  'a notice is lit at its time, and the picture that arrives is the one in the record',
  PATIENCE,
  async () => {
    const { controller } = bench;
    expect(controller.births()[0]).toMatchObject({ kind: 'board', capabilities: { panel: SIZE } });
    const sha = controller.addBlob(notice('Thông báo', 'Họp tổ dân phố số 3 lúc 19 giờ 30.'));
    const shown = occurrence(Date.now() + 2_500, [part(sha, 2_500, { type: SCENE_TYPE, title: 'Họp tổ' })]);
    await bench.ready((await controller.desire(planOf([shown], controller.blobs))).id);
    const record = await until('the record comes', () => bench.recordOf(shown.id));
    expect(record).toMatchObject({ end: 'completed', sha256: sha, brightness: 80, title: 'Họp tổ' });
    expect(record.startedAt).toBeGreaterThan(record.dueAt - record.clockErrorMs - 5);
    const picture = await until('the picture comes', () => controller.evidence.get(record.evidence ?? ''));
    expect(picture.type).toBe('image/png');
    const pixels = await pixelsOf(picture.body);
    expect(pixels.length).toBe(SIZE.width * SIZE.height * 4);
    expect(await hashOfPng(picture.body)).toBe(record.pixelsSha256);
    expect(litIn(pixels)).toBeGreaterThan(500);
  },
);

test(
  'a technician gets a fresh picture of what is lit now, and an idle board is dark',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await bench.ready((await controller.desire(null, DARK)).id);
    controller.command(await controller.signCommand({ v: 1, type: 'capture', seconds: 1 }, { id: 'look' }));
    await until('it is told as done', () =>
      controller.acks().some((ack) => ack.id === 'look' && ack.state === 'ended'),
    );
    const told = controller.acksOf('look').find(({ state }) => state === 'ended');
    const picture = await until('the picture comes', () => controller.evidence.get(told?.evidence ?? ''));
    expect(litIn(await pixelsOf(picture.body))).toBe(0);
  },
);

test('stop makes the board dark at once', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(notice('Thông báo', 'Nội dung sai'));
  const shown = occurrence(Date.now() + 2_500, [part(sha, 60_000, { type: SCENE_TYPE })]);
  await bench.ready((await controller.desire(planOf([shown], controller.blobs), DARK)).id);
  await until('it is lit', () =>
    controller.heartbeats().some(({ playing }) => playing?.occurrence === shown.id),
  );
  controller.command(await controller.signCommand({ v: 1, type: 'stop' }));
  expect(await until('it is told', () => bench.recordOf(shown.id))).toMatchObject({
    end: 'stopped',
    reason: 'stopped',
  });
  controller.command(await controller.signCommand({ v: 1, type: 'capture', seconds: 1 }));
  const dark = await until('the dark picture comes', () =>
    controller.evidence.size === 2 ? [...controller.evidence.values()][1] : null,
  );
  expect(litIn(await pixelsOf(dark.body))).toBe(0);
});

test('the picture of a notice shown without a link comes when the link does', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(notice('Thông báo', 'Mất điện'));
  const shown = occurrence(Date.now() + 3_000, [part(sha, 1_500, { type: SCENE_TYPE })]);
  await bench.ready((await controller.desire(planOf([shown], controller.blobs))).id);
  await controller.stop();
  await until('it was shown', () => bench.events.some(({ type }) => type === 'record'));
  await bench.off();
  await controller.listen();
  await bench.on({ kind: 'board', panel: SIZE });
  const record = await until('the record comes', () => bench.recordOf(shown.id));
  await until('the picture comes', () => controller.evidence.has(record.evidence ?? ''));
});

test(
  'an urgent notice for all is lit on the board at once, and what is for speakers left out',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await bench.ready((await controller.desire(null)).id);
    const scene = notice('Khẩn cấp', 'Nước sông dâng cao, di chuyển lên chỗ cao.');
    controller.addBlob(scene);
    const file = { sha256: 'b'.repeat(64), bytes: 1_000, type: 'audio/ogg' as const };
    const broadcast = broadcastOf([
      broadcastPart(scene, 3_000, { renditions: [file], title: 'Tiếng' }),
      broadcastPart(scene, 3_000, {
        renditions: [{ sha256: sha256(scene), bytes: scene.length, type: SCENE_TYPE }],
        title: 'Chữ',
      }),
    ]);
    controller.command(await controller.signCommand({ v: 1, type: 'prepare', broadcast }, { id: 'prepare' }));
    await until('it is ready', () => controller.acksOf('prepare').some(({ state }) => state === 'ready'));
    const t0 = Date.now() + 700;
    controller.command(await controller.signCommand({ v: 1, type: 'start', broadcast, t0 }, { id: 'start' }));
    await until('it is over', () => controller.acksOf('start').some(({ state }) => state === 'ended'));
    const record = await until('it is told', () => bench.recordOf(broadcastOccurrenceId(broadcast.id, t0)));
    expect(record).toMatchObject({ end: 'completed', title: 'Chữ', part: { index: 0, of: 1 } });
    expect(record.pixelsSha256).toBeDefined();
  },
);
