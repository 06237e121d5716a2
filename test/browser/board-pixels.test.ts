import { build } from 'vite';
import { expect, test } from 'vitest';
import type { Size } from '#devices/render/brush';
import { drawShow, makeShow } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { boardAssets, brushOf, pixelsOf } from '../support/board-assets.ts';
import type { Asked } from '../support/board-in-page.ts';
import { launchBrowser } from '../support/browser.ts';
import { AFTERNOON, field, PICTURE, SCENES } from '../support/ward-scenes.ts';

const root = new URL('../..', import.meta.url).pathname;
const SIZES: Size[] = [
  { width: 64, height: 32 },
  { width: 192, height: 96 },
  { width: 96, height: 192 },
  { width: 320, height: 160 },
];
const MOMENTS = [0, 9_017];

/** The renderer as a browser runs it. */
async function bundle(): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['loa-source'] },
    build: {
      write: false,
      minify: false,
      lib: { entry: `${root}test/support/board-in-page.ts`, formats: ['iife'], name: 'board' },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !('output' in output)) throw new Error('the renderer was not bundled');
  return output.output[0].code;
}

/** Pixels that are not the same; all of them where the pictures are of different sizes. */
function differing(one: Buffer, other: Buffer): number {
  if (one.equals(other)) return 0;
  if (one.length !== other.length) return one.length / 4;
  let count = 0;
  for (let at = 0; at < one.length; at += 4) {
    if (one.readInt32LE(at) !== other.readInt32LE(at)) count += 1;
  }
  return count;
}

test('the preview in a browser and the board light the same pixels: of every item, at every moment, 0 differ', async () => {
  const asked: Asked[] = SIZES.flatMap((size) =>
    Object.values<Scene>(SCENES).flatMap((scene) =>
      MOMENTS.map((tMs) => ({ scene, size, tMs, now: AFTERNOON + tMs })),
    ),
  );
  const assets = boardAssets();
  const picture = field({ width: 192, height: 96 });
  assets.pictures.set(PICTURE, picture);
  const url = `data:image/png;base64,${picture.toBuffer('image/png').toString('base64')}`;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await bundle() });
    const drawn = await page.evaluate(
      ({ asked, pictures }) =>
        (
          globalThis as unknown as {
            board: { drawAll(asked: Asked[], pictures: Record<string, string>): Promise<string[]> };
          }
        ).board.drawAll(asked, pictures),
      { asked, pictures: { [PICTURE]: url } },
    );
    expect(drawn).toHaveLength(asked.length);
    for (const [at, { scene, size, tMs, now }] of asked.entries()) {
      const brush = brushOf(size);
      drawShow(brush, makeShow(scene, size, assets), tMs, now);
      const own = Buffer.from(pixelsOf(brush, size));
      const other = Buffer.from(drawn[at] ?? '', 'base64');
      const what = `${scene.pages[0]?.zones[0]?.item.type} on ${size.width} × ${size.height} at ${tMs}`;
      expect(differing(own, other), what).toBe(0);
    }
  } finally {
    await browser.close();
  }
});
