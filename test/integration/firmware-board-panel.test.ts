import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scattered } from '#firmware-sim/board/panel-condition';
import { findFfmpeg } from '#firmware-sim/speaker/ffmpeg';
import { litIn, noticePage, pageWith, pixelsOf, sceneBytes } from '../support/board-scenes.ts';
import { BoardStand, SIZE, scenePart, standing } from '../support/board-stand.ts';
import { sha256, until } from '../support/fake-controller.ts';

let stand: BoardStand;
beforeEach(async () => {
  stand = await BoardStand.open();
});
afterEach(() => stand.close());

const S = 1_000;
const twoPages = () =>
  sceneBytes([noticePage('Trang một', { dwellMs: 5 * S }), noticePage('Trang hai', { dwellMs: 5 * S })]);

test('a picture in order is the very frame that was rendered', async () => {
  stand.on([standing(0, 60 * S, [scenePart(await stand.keep(twoPages()), 60 * S)])]);
  await stand.until(1 * S);
  const { pixelsSha256, seenSha256, deadPixels, powered } = stand.board.report;
  expect([seenSha256, deadPixels, powered]).toEqual([pixelsSha256, 0, true]);
  expect((await stand.shot()).pixels).toBe(pixelsSha256);
  expect(stand.faults).toEqual([]);
});

test('dead pixels are told, and are dark in the picture', async () => {
  stand.on([standing(0, 60 * S, [scenePart(await stand.keep(twoPages()), 60 * S)])]);
  await stand.until(1 * S);
  const whole = await stand.look();
  stand.condition.kill(scattered(400, SIZE.width * SIZE.height));
  await stand.until(9 * S);
  await stand.until(11 * S);
  const { pixelsSha256, seenSha256, deadPixels } = stand.board.report;
  expect(deadPixels).toBe(400);
  expect(seenSha256).not.toBe(pixelsSha256);
  const picture = await stand.look();
  expect(litIn(picture)).toBeLessThan(litIn(whole));
  for (const place of stand.condition.dead)
    expect([...picture.subarray(place * 4, place * 4 + 3)]).toEqual([0, 0, 0]);
  expect(stand.faults).toEqual(['panel-dead-pixels']);
});

test('a module that goes on showing the page before is found by reading the panel back', async () => {
  stand.on([standing(0, 60 * S, [scenePart(await stand.keep(twoPages()), 60 * S)])]);
  await stand.until(1 * S);
  const before = await stand.look();
  stand.condition.stick({ column: 0, row: 0 });
  await stand.until(6 * S);
  const after = await stand.look();
  const rowOf = (pixels: Uint8ClampedArray, y: number, from: number, to: number): string =>
    Buffer.from(pixels.subarray((y * SIZE.width + from) * 4, (y * SIZE.width + to) * 4)).toString('hex');
  for (let y = 0; y < 32; y += 1) expect(rowOf(after, y, 0, 64)).toBe(rowOf(before, y, 0, 64));
  await stand.until(11 * S);
  await stand.until(16 * S);
  expect(stand.faults).toContain('panel-stuck');
  stand.condition.stick(null);
  await stand.until(26 * S);
  expect(stand.mended).toContain('panel-stuck');
});

test('a renderer that stopped is told within half a minute, its old picture is not proof of the new page, and it is told when it draws again', async () => {
  const shown = standing(0, 120 * S, [scenePart(await stand.keep(twoPages()), 120 * S)]);
  stand.on([shown]);
  await stand.until(12 * S);
  const { pixelsSha256 } = stand.board.report;
  stand.condition.frozen = true;
  await stand.until(27 * S);
  expect(stand.board.report.drawnAgoMs).toBeGreaterThanOrEqual(14 * S);
  await stand.until(36 * S);
  expect(stand.faults).toEqual(['renderer-frozen']);
  expect(stand.changes).toBeGreaterThanOrEqual(2);
  expect(stand.board.report.pixelsSha256).toBe(pixelsSha256);
  expect((await stand.shot()).pixels).toBe(pixelsSha256);
  stand.condition.frozen = false;
  await stand.until(50 * S);
  expect(stand.mended).toEqual(['renderer-frozen']);
  expect(stand.board.report.drawnAgoMs).toBeLessThanOrEqual(5 * S);
  await stand.until(121 * S);
  const records = stand.recordsOf(shown);
  expect(records.map(({ end, reason }) => [end, reason])).toEqual([
    ['fault', 'renderer-frozen'],
    ['completed', undefined],
  ]);
  // What was drawn last before it stopped.
  expect(records[0]?.endedAt).toBe((shown.startAt ?? 0) + 10 * S);
});

test('a panel without power is black in its picture, and nothing counts as shown', async () => {
  const shown = standing(0, 60 * S, [scenePart(await stand.keep(twoPages()), 60 * S)]);
  stand.on([shown]);
  await stand.until(20 * S);
  stand.condition.unpowered = true;
  await stand.until(30 * S);
  expect(stand.board.report).toMatchObject({ powered: false });
  expect(stand.board.report).not.toHaveProperty('seenSha256');
  expect(litIn(await stand.look())).toBe(0);
  expect(stand.faults).toEqual(['panel-power']);
  stand.condition.unpowered = false;
  await stand.until(61 * S);
  const [before, after] = stand.recordsOf(shown);
  expect(before).toMatchObject({ end: 'fault', reason: 'panel-power' });
  expect(after).toMatchObject({ end: 'completed' });
  expect((before?.playedMs ?? 0) + (after?.playedMs ?? 0)).toBeLessThan(56 * S);
});

test('a scene that somebody changed in the cache is never drawn, and is fetched again', async () => {
  const good = twoPages();
  const name = await stand.keep(good);
  await writeFile(stand.cache.path(name), sceneBytes([noticePage('Cờ bạc trực tuyến')]));
  const shown = standing(5 * S, 60 * S, [scenePart(name, 55 * S)]);
  stand.on([shown]);
  await stand.until(10 * S);
  expect(stand.board.report.scene).toBeNull();
  expect(litIn(await stand.look())).toBe(0);
  expect(stand.faults).toContain('hash-mismatch');
  await until('it is thrown out', () => stand.refetched.includes(name));
  expect(stand.cache.has(name)).toBe(false);
  await stand.keep(good);
  stand.board.filesCame();
  await stand.until(13 * S);
  expect(stand.board.report.scene?.sha256).toBe(name);
  await stand.until(61 * S);
  expect(stand.recordsOf(shown)).toMatchObject([{ end: 'completed' }]);
  expect(stand.recordsOf(shown)[0]?.fromMs).toBeGreaterThan(4 * S);
});

test('a tampered scene that never comes again is a missed part, and its reason is known', async () => {
  const name = await stand.keep(twoPages());
  await writeFile(stand.cache.path(name), 'something else');
  const shown = standing(1 * S, 20 * S, [scenePart(name, 19 * S)]);
  stand.on([shown]);
  await stand.until(21 * S);
  expect(stand.recordsOf(shown)).toMatchObject([{ end: 'missed', startedAt: null }]);
  expect(stand.recordsOf(shown)[0]?.reason).toMatch(/hash-mismatch|blob-missing/);
});

const zone = { x: 0, y: 0, width: SIZE.width, height: SIZE.height };
async function picture(colour: string): Promise<Buffer> {
  const canvas = createCanvas(zone.width, zone.height);
  const brush = canvas.getContext('2d');
  brush.fillStyle = colour;
  brush.fillRect(0, 0, zone.width, zone.height);
  return canvas.encode('png');
}

test('a picture is drawn as it was approved; a changed one is refused, and its words stand there instead', async () => {
  const png = await picture('#2080ff');
  const file = {
    sha256: sha256(png),
    bytes: png.length,
    type: 'image/png' as const,
    width: zone.width,
    height: zone.height,
  };
  const page = pageWith({ type: 'image', files: [file], alt: 'Ảnh bìa', fit: 'cover' });
  const scene = await stand.keep(sceneBytes([page]));
  await stand.keep(png);
  stand.on([standing(1 * S, 20 * S, [scenePart(scene, 19 * S)])]);
  await settled(() => stand.until(2 * S));
  expect([...(await stand.look()).subarray(0, 3)]).toEqual([0x20, 0x80, 0xff]);
  await stand.close();

  stand = await BoardStand.open();
  await stand.keep(sceneBytes([page]));
  await writeFile(stand.cache.path(file.sha256), await picture('#ff0000'));
  stand.on([standing(1 * S, 20 * S, [scenePart(scene, 19 * S)])]);
  await settled(() => stand.until(5 * S));
  const words = await stand.look();
  expect([...words.subarray(0, 3)]).not.toEqual([0xff, 0, 0]);
  expect(litIn(words)).toBeGreaterThan(50);
  expect(stand.faults).toContain('hash-mismatch');
  await until('it is wanted again', () => stand.refetched.includes(file.sha256));
});

test('a film moves on the board, frame by frame, and goes round', { timeout: 60_000 }, async () => {
  const ffmpeg = await findFfmpeg(undefined);
  const path = join(stand.dir, 'film.webm');
  const source = `color=red:s=128x64:r=10:d=1[a];color=blue:s=128x64:r=10:d=1[b];[a][b]concat`;
  execFileSync(ffmpeg, [
    '-v',
    'error',
    '-filter_complex',
    source,
    '-c:v',
    'libvpx',
    '-b:v',
    '400k',
    '-y',
    path,
  ]);
  const { readFile } = await import('node:fs/promises');
  const bytes = await readFile(path);
  const file = {
    ...{ sha256: sha256(bytes), bytes: bytes.length, type: 'video/webm' as const, width: 128, height: 64 },
    ...{ framesPerSecond: 10, durationMs: 2_000 },
  };
  await stand.keep(bytes);
  const page = pageWith(
    { type: 'video', files: [file], durationMs: 2_000, alt: 'Phim' },
    { dwellMs: 10 * S },
  );
  stand.on([standing(1 * S, 20 * S, [scenePart(await stand.keep(sceneBytes([page])), 19 * S)])]);
  const colour = async () => [...(await stand.look()).subarray(0, 3)].map((value) => (value > 128 ? 1 : 0));
  const comes = (at: number, wanted: number[]) =>
    // Decoding is real, the board's time is not.
    until(`the frame at ${at} ms is shown`, async () => {
      await stand.until(at);
      return (await colour()).join() === wanted.join();
    });
  await comes(1_500, [1, 0, 0]);
  await comes(2_500, [0, 0, 1]);
  await comes(3_500, [1, 0, 0]);
  expect(stand.board.report).not.toHaveProperty('pixelsSha256');
});

/** Lets real decoders catch up with a time that is turned by hand. */
async function settled(act: () => Promise<void>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 400));
  await act();
  await new Promise((resolve) => setTimeout(resolve, 400));
}

test('the rows of a scanned panel are lit in turn, and a whole look shows them all', async () => {
  const { Matrix } = await import('#firmware-sim/board/matrix');
  const { PanelCondition } = await import('#firmware-sim/board/panel-condition');
  const white = new Uint8ClampedArray(32 * 16 * 4).fill(255);
  const kind = { size: { width: 32, height: 16 }, pitchMm: 5, scan: 8, levels: 64 };
  const matrix = new Matrix(kind, () => white, new PanelCondition());
  const rows = (pixels: Uint8ClampedArray) =>
    Array.from({ length: 16 }, (_, y) => pixels[y * 32 * 4] ?? 0).flatMap((value, y) =>
      value > 0 ? [y] : [],
    );
  expect(matrix.rowsLit(3)).toEqual([3, 11]);
  expect(rows(matrix.seen(100, 1))).toEqual([0, 8]);
  expect(rows(matrix.seen(100))).toHaveLength(16);
  expect(matrix.seen(100)).toEqual(white);
  // 64 steps: the least that is not dark is one of them.
  expect(matrix.level(1)).toBe(1);
  expect(matrix.seen(50)[0]).toBe(Math.round((255 * 32) / 63));
  expect(rows(matrix.seen(0))).toEqual([]);
  expect(await pixelsOf(await picture('#000000'))).toBeDefined();
});
