import { readFile, writeFile } from 'node:fs/promises';
import { type Canvas, createCanvas, ImageData, loadImage } from '@napi-rs/canvas';
import type { Assets, Pixels } from '#devices/render/assets';
import { drawDark } from '#devices/render/idle';
import { drawPage, makeShow } from '#devices/render/show';
import { filesOf, Scene } from '#devices/scene';
import { placeOf } from './fit-picture.ts';
import type { Painted, PaintJob } from './jobs.ts';
import { resample } from './resample.ts';

/** On the web: what is wider is made smaller, and of the few pixels of an LED board each becomes a square. */
const WIDEST = 1_280;
const LED_WIDTH = 640;
const ENLARGED_WIDTH = 1_152;
/** Lines that run are shown when they have come in. */
const INTO_PAGE_MS = 4_000;

/** A page of a scene, drawn as boards draw it; of films a picture. */
export async function drawScene(job: Extract<PaintJob, { type: 'scene' }>): Promise<Painted> {
  const { size, page: number, now, target } = job;
  const scene = Scene.parse(JSON.parse(await readFile(job.scene, 'utf8')));
  const show = makeShow(scene, size, await assetsOf(job, scene));
  const valid = show.pages.filter(({ from = now, until = now + 1 }) => from <= now && now < until);
  const page = valid[number - 1];
  const canvas = createCanvas(size.width, size.height);
  const brush = canvas.getContext('2d');
  if (page === undefined) drawDark(brush, size);
  else drawPage(brush, show, page.index, Math.min(INTO_PAGE_MS, page.dwellMs / 2), now);
  const { canvas: shown, width, height } = forWeb(canvas);
  await writeFile(target, await shown.encode('png'), { flush: true });
  return { width, height, type: 'image/png', pages: valid.length };
}

async function assetsOf(
  { files, stills }: Extract<PaintJob, { type: 'scene' }>,
  scene: Scene,
): Promise<Assets> {
  const pictures = new Map<string, Pixels>();
  const films = new Map<string, Pixels>();
  for (const { sha256, width, height, type } of filesOf(scene)) {
    const path = type.startsWith('video/') ? stills[sha256] : files[sha256];
    const image = path === undefined ? null : await loadImage(path).catch(() => null);
    if (image === null) continue;
    if (!type.startsWith('video/')) pictures.set(sha256, image);
    else {
      const frame = createCanvas(width, height);
      const place = placeOf(image, { width, height }, 'contain');
      frame.getContext('2d').drawImage(image, place.x, place.y, place.width, place.height);
      films.set(sha256, frame);
    }
  }
  return {
    picture: (sha256) => pictures.get(sha256) ?? null,
    film: (sha256) => films.get(sha256) ?? null,
    layer: ({ width, height }) => {
      const canvas = createCanvas(width, height);
      return { brush: canvas.getContext('2d'), pixels: canvas };
    },
  };
}

function forWeb(canvas: Canvas): { canvas: Canvas; width: number; height: number } {
  const { width, height } = canvas;
  if (width < LED_WIDTH) {
    const times = Math.max(1, Math.floor(ENLARGED_WIDTH / width));
    const large = createCanvas(width * times, height * times);
    const brush = large.getContext('2d');
    brush.imageSmoothingEnabled = false;
    brush.drawImage(canvas, 0, 0, large.width, large.height);
    return { canvas: large, width: large.width, height: large.height };
  }
  if (width <= WIDEST) return { canvas, width, height };
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const less = Math.round((height * WIDEST) / width);
  const bitmap = resample({ data, width, height }, { x: 0, y: 0, width, height }, WIDEST, less);
  const small = createCanvas(WIDEST, less);
  small.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(bitmap.data), WIDEST, less), 0, 0);
  return { canvas: small, width: WIDEST, height: less };
}
