import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FilmFile } from '#devices/scene/file';
import { cmykJpeg, drawn, fineLines, handmadePng, pixels, redBlue, withExif } from '../support/pictures.ts';
import { byHand, PACKAGED } from '../support/recordings.ts';
import { until } from '../support/until.ts';
import { VisualSite } from '../support/visual-site.ts';

const run = promisify(execFile);
const DAY_MS = 86_400_000;
let site: VisualSite;
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'loa-films-'));
  site = await VisualSite.start();
  const file = path.join(scratch, 'film.mp4');
  await byHand(
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=320x240:r=24:d=2',
    '-f',
    'lavfi',
    '-i',
    'sine=d=2',
    '-pix_fmt',
    'yuv420p',
    '-metadata',
    'artist=Secret',
    '-shortest',
    file,
  );
});
afterAll(async () => {
  await site.stop();
  await rm(scratch, { recursive: true, force: true });
});

const json = async (answer: Response): Promise<Record<string, unknown>> =>
  (await answer.json()) as Record<string, unknown>;
const post = (address: string, body: unknown): Promise<Response> =>
  site.ask(address, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json' },
  });
const fitted = async (id: string, width: number, height: number, fit = 'contain') => {
  const answer = await post(`/visuals/${id}/fit`, { width, height, fit });
  expect(answer.status).toBe(200);
  const file = (await answer.json()) as FilmFile;
  const bytes = Buffer.from(await (await site.ask(`/scene-files/${file.sha256}`)).arrayBuffer());
  expect(bytes.length).toBe(file.bytes);
  return { file, bytes };
};
const near = (pixel: readonly number[], wanted: readonly number[], by = 12): void => {
  for (const [index, value] of wanted.entries()) {
    expect(Math.abs((pixel[index] ?? -1000) - value), `${pixel} is not ${wanted}`).toBeLessThanOrEqual(by);
  }
};

describe('a picture for a board', () => {
  test('is exactly as large as its zone, opaque, black where it does not reach', async () => {
    const { id } = await site.take(await drawn(400, 400, 'png', redBlue), 'Vuông.png');
    const { bytes, file } = await fitted(id, 192, 96);
    expect(file).toMatchObject({ width: 192, height: 96, type: 'image/png' });
    const picture = await pixels(bytes);
    expect([picture.width, picture.height]).toEqual([192, 96]);
    expect(picture.at(20, 48)).toEqual([0, 0, 0, 255]);
    near(picture.at(60, 48), [224, 0, 0, 255], 2);
    near(picture.at(130, 48), [0, 0, 224, 255], 2);
    expect(picture.at(150, 48)).toEqual([0, 0, 0, 255]);
    const cover = await pixels((await fitted(id, 192, 96, 'cover')).bytes);
    near(cover.at(2, 2), [224, 0, 0, 255], 2);
    near(cover.at(189, 93), [0, 0, 224, 255], 2);
  });

  test('has no moiré: a fine grid becomes the grey that the eye sees from afar', async () => {
    const { id } = await site.take(await drawn(1_910, 955, 'png', fineLines), 'Lưới.png');
    const picture = await pixels((await fitted(id, 192, 96, 'cover')).bytes);
    // Half of the light is 188 of 255, and not 128.
    for (let y = 2; y < 94; y += 1) {
      for (let x = 2; x < 190; x += 1) near(picture.at(x, y), [188, 188, 188, 255], 6);
    }
  });

  test('is the same file when it is asked for again, and on a machine that begins anew', async () => {
    const { id } = await site.take(await drawn(640, 480, 'jpeg', redBlue), 'Ảnh.jpg');
    const once = await fitted(id, 128, 64);
    site.store.sqlite.prepare('DELETE FROM visual_fit WHERE visual_id = ?').run(id);
    expect((await fitted(id, 128, 64)).file).toEqual(once.file);
  });

  test('stands upright as the telephone was held, and tells nothing of who held it', async () => {
    const upright = await site.take(
      withExif(await drawn(400, 300, 'jpeg', redBlue), 6, 'Nguyen Van Secret 20.5N 105.9E'),
      'IMG_0001.jpg',
    );
    expect(upright).toMatchObject({ state: 'ready', width: 300, height: 400, kind: 'image' });
    const thumbnail = Buffer.from(await (await site.ask(`/visuals/${upright.id}/thumbnail`)).arrayBuffer());
    const picture = await pixels(thumbnail);
    near(picture.at(150, 20), [224, 0, 0, 255], 20);
    near(picture.at(150, 380), [0, 0, 224, 255], 20);
    const { source_sha256 } = site.visuals.row(upright.id);
    const kept = await readFile(site.blobs.path(source_sha256 ?? ''));
    for (const file of [kept, thumbnail, (await fitted(upright.id, 96, 96)).bytes]) {
      expect(file.includes('Secret')).toBe(false);
    }
  });

  test('may be of any usual kind: of a printer, of sixteen bits, WebP, AVIF, the first of a moving GIF', async () => {
    const gif = path.join(scratch, 'moving.gif');
    await byHand(
      '-f',
      'lavfi',
      '-i',
      'color=red:s=64x64:d=0.2:r=10',
      '-f',
      'lavfi',
      '-i',
      'color=blue:s=64x64:d=0.2:r=10',
      '-filter_complex',
      '[0:v][1:v]concat=n=2',
      gif,
    );
    const deep = Buffer.alloc(64 * (1 + 64 * 6));
    for (let y = 0; y < 64; y += 1) {
      for (let x = 0; x < 64; x += 1) deep.writeUInt16BE(0xe0e0, y * (1 + 64 * 6) + 1 + x * 6);
    }
    const files: Record<string, Buffer> = {
      'máy in.jpg': cmykJpeg([0, 255, 255, 0]),
      'sâu.png': handmadePng(64, 64, 16, deep),
      'web.webp': await drawn(64, 64, 'webp', redBlue),
      'mới.avif': await drawn(64, 64, 'avif', redBlue),
      'động.gif': await readFile(gif),
    };
    for (const [name, file] of Object.entries(files)) {
      const visual = await site.take(file, name);
      expect(visual, name).toMatchObject({ state: 'ready', refusal: null });
      const picture = await pixels((await fitted(visual.id, 32, 32)).bytes);
      const [red = 0, green = 255, blue = 255] = picture.at(8, 16);
      expect(red, name).toBeGreaterThan(180);
      expect(Math.max(green, blue), name).toBeLessThan(60);
    }
  });

  test('with holes has a ground on which it is seen: dark drawings on white, bright ones on black', async () => {
    const sign = (colour: string) =>
      drawn(100, 100, 'png', (brush) => {
        brush.fillStyle = colour;
        brush.fillRect(40, 40, 20, 20);
      });
    const dark = await site.take(await sign('#102030'), 'Dấu.png');
    const bright = await site.take(await sign('#ffe000'), 'Sao.png');
    expect((await pixels((await fitted(dark.id, 50, 50)).bytes)).at(5, 5)).toEqual([255, 255, 255, 255]);
    expect((await pixels((await fitted(bright.id, 50, 50)).bytes)).at(5, 5)).toEqual([0, 0, 0, 255]);
  });

  test('for a large screen is small enough to travel', async () => {
    const { id } = await site.take(await drawn(1_600, 1_000, 'jpeg', redBlue), 'Rộng.jpg');
    const { file, bytes } = await fitted(id, 1_920, 1_080, 'cover');
    expect(file).toMatchObject({ type: 'image/webp', width: 1_920, height: 1_080 });
    expect(bytes.length).toBeLessThan(500_000);
    expect(await pixels(bytes)).toMatchObject({ width: 1_920, height: 1_080 });
  });
});

describe('what is not taken', () => {
  test('is refused by what it is, whatever it is called, and nothing of it stays', async () => {
    const photo = await drawn(600, 400, 'jpeg', redBlue);
    const png = await drawn(600, 400, 'png', fineLines);
    const heic = Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1'),
      png,
    ]);
    const before = site.visuals.list({}).length;
    await expect(site.take(Buffer.from('MZ this program cannot be run'), 'Ảnh.jpg')).rejects.toThrow(
      'not-visual',
    );
    await expect(site.take(heic, 'IMG.jpg')).rejects.toThrow('unsupported-picture');
    await expect(
      site.take(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'a.png'),
    ).rejects.toThrow('unsupported-picture');
    await expect(site.take(Buffer.alloc(0), 'a.png')).rejects.toThrow('visual-empty');
    await expect(
      site.take(Buffer.concat([photo, Buffer.alloc(30_000_001 - photo.length)]), 'a.jpg'),
    ).rejects.toThrow('visual-too-large');
    expect(site.visuals.list({})).toHaveLength(before);
    const refusals = {
      'visual-truncated': photo.subarray(0, photo.length - 400),
      'too-many-pixels': handmadePng(60_000, 60_000, 8, Buffer.alloc(1_000)),
      'broken-picture': Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(200)]),
    };
    for (const [code, file] of Object.entries(refusals)) {
      const { state, refusal } = await site.take(file, 'a.png');
      expect([state, refusal?.code]).toEqual(['refused', code]);
    }
    const half = await site.take(png.subarray(0, png.length - 300), 'nửa.png');
    expect(half.refusal?.code).toBe('visual-truncated');
    await until('the directories to be empty', async () => (await site.leftovers()).length === 0);
  });

  test('one that never ends or eats all memory is given up, and the next one is taken', async () => {
    const picture = await drawn(3_000, 2_000, 'png', fineLines);
    const hasty = await VisualSite.start({ limits: { jobMs: 30 } });
    const tight = await VisualSite.start({ limits: { residentBytes: 1_000_000 } });
    try {
      expect((await hasty.take(picture, 'a.png')).refusal?.code).toBe('visual-not-decoded');
      expect((await tight.take(picture, 'a.png')).refusal?.code).toBe('broken-picture');
    } finally {
      await Promise.all([hasty.stop(), tight.stop()]);
    }
    expect((await site.take(picture, 'a.png')).state).toBe('ready');
  });

  test('a decoder that dies takes nothing with it', async () => {
    const dying = await VisualSite.start();
    try {
      const taken = dying.take(await drawn(4_000, 3_000, 'png', fineLines), 'a.png');
      await until('the picture to be in work', () => dying.visuals.list({})[0]?.state === 'working');
      process.kill(await until('a process that draws', () => dying.painter.pid), 'SIGKILL');
      expect((await taken).refusal?.code).toBe('broken-picture');
      expect((await dying.take(await drawn(40, 30, 'png', redBlue), 'b.png')).state).toBe('ready');
    } finally {
      await dying.stop();
    }
  });
});

describe('a film for a board', () => {
  const probe = async (file: string) => {
    const { stdout } = await run(PACKAGED.ffprobe, [
      ...['-v', 'error', '-of', 'json', '-count_frames', '-show_entries'],
      ...['stream=codec_type,codec_name,width,height,avg_frame_rate,nb_read_frames,pix_fmt', file],
    ]);
    return (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams;
  };

  test('that would make people ill by its flashes is known for it before anybody sees it', async () => {
    const file = path.join(scratch, 'flashing.mp4');
    // White for two frames of every five: five flashes a second.
    const light = "geq=lum='if(lt(mod(N,5),2),255,0)':cb=128:cr=128";
    await byHand('-f', 'lavfi', '-i', `color=black:s=64x48:r=25:d=2,format=yuv420p,${light}`, file);
    const film = await site.take(await readFile(file), 'chớp.mp4');
    expect((await fitted(film.id, 64, 32)).file).toMatchObject({ flashes: 5 });
  });

  test('is made for exactly its zone, without sound, at an even frame rate; and can be looked at', async () => {
    const film = await site.take(await readFile(path.join(scratch, 'film.mp4')), 'Phim.mp4');
    expect(film).toMatchObject({ kind: 'video', state: 'ready', width: 320, height: 240, progress: 1 });
    expect(Math.abs((film.durationMs ?? 0) - 2_000)).toBeLessThan(120);
    const made = await fitted(film.id, 191, 95);
    expect(made.file).toMatchObject({ type: 'video/webm', width: 191, height: 95, framesPerSecond: 25 });
    expect(made.file).toMatchObject({ flashes: 0 });
    const target = site.blobs.path(made.file.sha256);
    const streams = await probe(target);
    expect(streams).toHaveLength(1);
    expect(streams[0]).toMatchObject({ codec_name: 'vp9', width: 191, height: 95, avg_frame_rate: '25/1' });
    expect(Math.abs(Number(streams[0]?.nb_read_frames) - 50)).toBeLessThanOrEqual(2);
    expect(made.bytes.includes('Secret')).toBe(false);
    // Black at the sides: 4:3 in 2:1.
    const frame = path.join(scratch, 'frame.png');
    await byHand('-i', target, '-frames:v', '1', frame);
    near((await pixels(await readFile(frame))).at(5, 47), [0, 0, 0, 255], 4);
    const part = await site.ask(`/visuals/${film.id}/film`, { headers: { range: 'bytes=10-19' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    expect(
      (await pixels(Buffer.from(await (await site.ask(`/visuals/${film.id}/thumbnail`)).arrayBuffer())))
        .width,
    ).toBe(320);
  });

  test('of a telephone held upright stands upright', async () => {
    const flat = path.join(scratch, 'flat.mp4');
    const turned = path.join(scratch, 'turned.mp4');
    await byHand('-f', 'lavfi', '-i', 'color=red:s=160x90:r=30:d=0.5', '-pix_fmt', 'yuv420p', flat);
    await byHand('-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', turned);
    const film = await site.take(await readFile(turned), 'dọc.mp4');
    expect(film).toMatchObject({ state: 'ready', width: 90, height: 160 });
    expect((await fitted(film.id, 96, 96, 'cover')).file).toMatchObject({ width: 96, framesPerSecond: 30 });
  });

  test('that was cut, that has no pictures, or that is too long is refused', async () => {
    const long = path.join(scratch, 'long.mp4');
    const sound = path.join(scratch, 'sound.m4a');
    await byHand('-f', 'lavfi', '-i', 'color=red:s=16x16:r=1:d=700', '-pix_fmt', 'yuv420p', long);
    await byHand('-f', 'lavfi', '-i', 'sine=d=2', sound);
    const whole = await readFile(path.join(scratch, 'film.mp4'));
    const code = async (file: Buffer): Promise<string | undefined> =>
      (await site.take(file, 'a.mp4')).refusal?.code;
    expect(await code(whole.subarray(0, whole.length / 2))).toBe('visual-truncated');
    expect(await code(await readFile(sound))).toBe('no-film');
    expect(await code(await readFile(long))).toBe('film-too-long');
  });

  test('who asks for a large one is told to wait, and gets it when it is done', async () => {
    const { id } = await site.take(await readFile(path.join(scratch, 'film.mp4')), 'Phim.mp4');
    await expect(site.fitting.fitSoon(id, { width: 320, height: 180 }, 'contain', 1)).rejects.toMatchObject({
      ...{ code: 'visual-not-ready', status: 409 },
    });
    expect(await site.fitting.fit(id, { width: 320, height: 180 }, 'contain')).toMatchObject({
      width: 320,
    });
  });
});

describe('the list of pictures', () => {
  test('a name and words for who cannot see are found again; what is removed comes back, what is used stays', async () => {
    const { id } = await site.take(await drawn(40, 40, 'png', redBlue), 'C:\\ảnh\\Cầu Phù Vân.png');
    expect(site.visuals.view(id)).toMatchObject({
      title: 'Cầu Phù Vân',
      alt: '',
      filename: 'Cầu Phù Vân.png',
    });
    const change = { title: 'Cây cầu mới', alt: 'Cầu mới lúc khánh thành' };
    const patched = await site.ask(`/visuals/${id}`, {
      ...{ method: 'PATCH', body: JSON.stringify(change) },
      headers: { 'content-type': 'application/json' },
    });
    expect(await json(patched)).toMatchObject(change);
    expect((await json(await site.ask('/visuals?search=khanh%20thanh')))[0]).toMatchObject({ id });
    site.store.sqlite
      .prepare(
        `INSERT INTO programme (id, title, language, board, created_at, updated_at) VALUES ('p', 'Khánh thành', 'vi', ?, 1, 1)`,
      )
      .run(JSON.stringify({ scene: { pages: [{ zones: [{ item: { visual: id } }] }] } }));
    site.changes.announce('programme', 'p');
    expect(site.visuals.view(id).usedBy).toBe(1);
    const refused = await site.ask(`/visuals/${id}`, { method: 'DELETE' });
    expect([refused.status, (await json(refused)).code]).toEqual([409, 'in-use']);
    site.store.sqlite.prepare(`DELETE FROM programme WHERE id = 'p'`).run();
    site.changes.announce('programme', 'p');
    expect((await site.ask(`/visuals/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await site.ask(`/visuals/${id}`)).status).toBe(404);
    await post(`/visuals/${id}/restore`, {});
    expect((await site.ask(`/visuals/${id}`)).status).toBe(200);
  });

  test('only files that scenes name are given out', async () => {
    const { id } = await site.take(await drawn(40, 40, 'png', redBlue), 'a.png');
    const { source_sha256 } = site.visuals.row(id);
    expect((await site.ask(`/scene-files/${source_sha256}`)).status).toBe(404);
    expect((await site.ask(`/scene-files/${'0'.repeat(64)}`)).status).toBe(404);
  });

  test('a picture that waits when the program ends is made when it begins again', async () => {
    const first = await VisualSite.start();
    const body = new Uint8Array(await drawn(3_000, 2_000, 'png', fineLines));
    const answer = await first.ask('/visuals?filename=a.png', { method: 'POST', body });
    const { id } = (await answer.json()) as { id: string };
    await first.close();
    const second = await VisualSite.start({ directory: first.directory });
    try {
      expect((await second.settled(id)).state).toBe('ready');
    } finally {
      await second.stop();
    }
  });

  test('files that nothing names are cleared away in time, and those that a scene names stay', async () => {
    let now = Date.now();
    const dusty = await VisualSite.start({ clock: { now: () => now } });
    try {
      const { id } = await dusty.take(await drawn(400, 300, 'png', redBlue), 'a.png');
      const named = await dusty.fitting.fit(id, { width: 64, height: 32 }, 'contain');
      const tried = await dusty.fitting.fit(id, { width: 65, height: 32 }, 'contain');
      const scene = await dusty.blobs.put(Buffer.from('{}'), 'application/vnd.loa.scene+json', now);
      dusty.store.sqlite
        .prepare('INSERT INTO scene_file VALUES (?, ?, NULL)')
        .run(scene.sha256, named.sha256);
      now += 3 * DAY_MS;
      dusty.visuals.purge();
      expect((await dusty.ask(`/scene-files/${tried.sha256}`)).status).toBe(404);
      expect((await dusty.ask(`/scene-files/${named.sha256}`)).status).toBe(200);
      expect((await dusty.ask(`/visuals/${id}/thumbnail`)).status).toBe(200);
      await dusty.visuals.remove(id);
      now += 31 * DAY_MS;
      dusty.visuals.purge();
      expect((await dusty.ask(`/scene-files/${named.sha256}`)).status).toBe(200);
      await expect(readFile(dusty.blobs.path(tried.sha256))).rejects.toThrow('ENOENT');
      expect(() => dusty.visuals.restore(id)).toThrow('deleted for good');
    } finally {
      await dusty.stop();
    }
  });
});
