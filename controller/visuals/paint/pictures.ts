import { readFile, writeFile } from 'node:fs/promises';
import { type Canvas, createCanvas, ImageData, loadImage } from '@napi-rs/canvas';
import { fitPicture } from './fit-picture.ts';
import type { Painted, PaintJob } from './jobs.ts';
import { type Bitmap, resample } from './resample.ts';

type JobOf<Type extends PaintJob['type']> = Extract<PaintJob, { type: Type }>;

/** Nothing that a board shows is larger. */
const MASTER_SIDE = 4_096;
const THUMBNAIL_WIDTH = 480;
const THUMBNAIL_HEIGHT = 960;
/** Lossless, unless that takes more. */
const MOST_LOSSLESS_BYTES = 8_000_000;
/** Up to here a board's pixels are few, and each is as it was drawn. */
const LOSSLESS_PIXELS = 640 * 640;

/** The picture could not be read; no word of the decoder's is worth passing on. */
export class Unreadable extends Error {}

export async function take({ source, format, master, thumbnail }: JobOf<'take'>): Promise<Painted> {
  const whole = await read(source);
  const { canvas } = whole;
  const bitmap = shrunk(whole.bitmap, MASTER_SIDE, MASTER_SIDE);
  const drawn = bitmap === whole.bitmap ? canvas : canvasOf(bitmap);
  const lossless = format === 'png' || format === 'gif' ? await drawn.encode('png') : null;
  const { width, height } = bitmap;
  await writeFile(thumbnail, await small(bitmap), { flush: true });
  if (lossless !== null && lossless.length <= MOST_LOSSLESS_BYTES) {
    await writeFile(master, lossless, { flush: true });
    return { width, height, type: 'image/png' };
  }
  await writeFile(master, await drawn.encode('jpeg', 95), { flush: true });
  return { width, height, type: 'image/jpeg' };
}

export async function makeThumbnail({ source, target }: JobOf<'thumbnail'>): Promise<Painted> {
  const { bitmap } = await read(source);
  await writeFile(target, await small(bitmap), { flush: true });
  return { width: bitmap.width, height: bitmap.height, type: 'image/webp' };
}

export async function makeFit({ source, zone, fit, target }: JobOf<'fit'>): Promise<Painted> {
  const { bitmap } = await read(source);
  const canvas = canvasOf(fitPicture(bitmap, zone, fit));
  const lossless = zone.width * zone.height <= LOSSLESS_PIXELS;
  await writeFile(target, lossless ? await canvas.encode('png') : await canvas.encode('webp', 90), {
    flush: true,
  });
  return { ...zone, type: lossless ? 'image/png' : 'image/webp' };
}

const small = (bitmap: Bitmap): Promise<Buffer> =>
  canvasOf(shrunk(bitmap, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT)).encode('webp', 82);

/** Upright (the canvas's decoder turns it as EXIF says), in sRGB, opaque. @throws Unreadable. */
async function read(file: string): Promise<{ canvas: Canvas; bitmap: Bitmap }> {
  const image = await loadImage(await readFile(file)).catch((cause: unknown) => {
    throw new Unreadable('the decoder knows nothing of it', { cause });
  });
  const { width, height } = image;
  if (width < 1 || height < 1) throw new Unreadable('there are no pixels in it');
  const canvas = createCanvas(width, height);
  const brush = canvas.getContext('2d');
  brush.drawImage(image, 0, 0);
  const drawn = brush.getImageData(0, 0, width, height).data;
  const ground = groundOf(drawn);
  if (ground !== null) {
    brush.globalCompositeOperation = 'destination-over';
    brush.fillStyle = ground;
    brush.fillRect(0, 0, width, height);
  }
  const data = ground === null ? drawn : brush.getImageData(0, 0, width, height).data;
  return { canvas, bitmap: { data, width, height } };
}

/**
 * What goes behind a picture with holes: on a board black is no light at all, but a dark drawing would vanish there and gets
 * the white paper that it was drawn for.
 * @returns null for a picture without holes.
 * @throws Unreadable when there is nothing but holes: that is how a decoder leaves what it could not read.
 */
function groundOf(data: Uint8ClampedArray): '#000000' | '#ffffff' | null {
  let seen = 0;
  let light = 0;
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    seen += alpha;
    light += alpha * (0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0));
  }
  if (seen === 0) throw new Unreadable('nothing was drawn');
  if (seen === (data.length / 4) * 255) return null;
  return light / seen < 110 ? '#ffffff' : '#000000';
}

function shrunk(bitmap: Bitmap, mostWidth: number, mostHeight: number): Bitmap {
  const { width, height } = bitmap;
  const scale = Math.min(1, mostWidth / width, mostHeight / height);
  if (scale === 1) return bitmap;
  const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  return resample(bitmap, { x: 0, y: 0, width, height }, across, down);
}

function canvasOf({ data, width, height }: Bitmap): Canvas {
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return canvas;
}
