import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';

/** Opaque pixels of four bytes, row by row from above. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

const FOLDER = new URL('../goldens/', import.meta.url);

/**
 * Compares pixels with the picture `test/goldens/<name>.png`, byte for byte. What differs is drawn, what was there dim
 * and what changed in red, and its path is in the error. `GOLDENS=write npx vitest …` takes the new pixels; look at
 * them, enlarged, before they are committed.
 */
export async function expectGolden(name: string, pixels: Pixels): Promise<void> {
  const path = new URL(`${name}.png`, FOLDER);
  if (process.env.GOLDENS === 'write') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, pngOf(pixels));
    return;
  }
  const golden = await pixelsOf(readFileSync(path));
  const differing =
    golden.width === pixels.width && golden.height === pixels.height
      ? differences(golden, pixels)
      : Number.POSITIVE_INFINITY;
  if (differing === 0) return;
  const kept = join(tmpdir(), `${name.replaceAll('/', '-')}.differs.png`);
  writeFileSync(kept, pngOf(difference(golden, pixels)));
  throw new Error(
    `${name}: ${differing} pixels are not as in test/goldens/${name}.png. See ${kept}; if that is what is wanted, run the test with GOLDENS=write and look at the new picture.`,
  );
}

export function pngOf({ data, width, height }: Pixels): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  image.data.set(data);
  context.putImageData(image, 0, 0);
  return canvas.toBuffer('image/png');
}

async function pixelsOf(png: Buffer): Promise<Pixels> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}

const sameAt = (one: Pixels, other: Pixels, at: number): boolean =>
  [0, 1, 2, 3].every((byte) => one.data[at + byte] === other.data[at + byte]);

function differences(golden: Pixels, pixels: Pixels): number {
  let count = 0;
  for (let at = 0; at < golden.data.length; at += 4) if (!sameAt(golden, pixels, at)) count += 1;
  return count;
}

function difference(golden: Pixels, pixels: Pixels): Pixels {
  const [width, height] = [Math.max(golden.width, pixels.width), Math.max(golden.height, pixels.height)];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = (one: Pixels): boolean => x < one.width && y < one.height;
      const [was, now, to] = [(y * golden.width + x) * 4, (y * pixels.width + x) * 4, (y * width + x) * 4];
      const same = inside(golden) && inside(pixels) && sameAtBoth(golden, was, pixels, now);
      const dim = Math.round((inside(golden) ? (golden.data[was] ?? 0) : 0) / 3);
      data.set(same ? [dim, dim, dim] : [255, dim, dim], to);
    }
  }
  return { data, width, height };
}

const sameAtBoth = (one: Pixels, at: number, other: Pixels, otherAt: number): boolean =>
  [0, 1, 2].every((byte) => one.data[at + byte] === other.data[otherAt + byte]);
