import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FilmReel } from '#firmware-sim/board/film-reel';
import { findFfmpeg } from '#firmware-sim/speaker/ffmpeg';
import { until } from '../support/until.ts';

const SIZE = { width: 1_280, height: 720 };
const FRAMES = 20;

test('a film that is too large to be kept is shown to its end and round again, with a few frames waiting at a time', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'loa-film-'));
  const ffmpeg = await findFfmpeg(undefined);
  const path = join(dir, 'film.webm');
  const halves = ['red', 'blue'].map((colour) => `color=${colour}:s=1280x720:r=10:d=1`);
  const source = `${halves[0]}[a];${halves[1]}[b];[a][b]concat`;
  const coded = ['-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '300k'];
  execFileSync(ffmpeg, ['-v', 'error', '-filter_complex', source, ...coded, '-y', path]);
  const reel = new FilmReel(ffmpeg, path, {
    ...{ sha256: 'a'.repeat(64), bytes: 1, type: 'video/webm', ...SIZE },
    ...{ framesPerSecond: 10, durationMs: FRAMES * 100 },
  });
  try {
    await reel.begin();
    let most = 0;
    const shows = (ms: number, red: number) =>
      until(`the frame at ${ms} ms`, () => {
        most = Math.max(most, reel.waiting);
        const pixel = reel.at(ms)?.getContext('2d').getImageData(5, 5, 1, 1).data;
        return pixel !== undefined && Math.abs((pixel[0] ?? 0) - red) < 40;
      });
    for (let frame = 0; frame < 2 * FRAMES + 5; frame += 1) {
      await shows(frame * 100 + 50, frame % FRAMES < FRAMES / 2 ? 255 : 0);
    }
    // 20 frames would be 74 MB.
    expect(most).toBeLessThanOrEqual(8);
    // Back to the beginning at once, as when its part comes round.
    await shows(0, 255);
  } finally {
    reel.close();
    await rm(dir, { recursive: true, force: true });
  }
});
