import { type Bitmap, type Crop, resample, sharpen } from './resample.ts';

export type Fit = 'contain' | 'cover';

/** Of so few pixels across, edges are strengthened. */
const SMALL_WIDTH = 320;
const SHARPENING = 0.15;

/** Where a picture stands in a zone: what of it, and on which pixels. */
export function placeOf(
  source: { readonly width: number; readonly height: number },
  zone: { readonly width: number; readonly height: number },
  fit: Fit,
): {
  readonly crop: Crop;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
} {
  const byWidth = zone.width / source.width;
  const byHeight = zone.height / source.height;
  if (fit === 'cover') {
    const scale = Math.max(byWidth, byHeight);
    const crop = { width: zone.width / scale, height: zone.height / scale };
    const from = { x: (source.width - crop.width) / 2, y: (source.height - crop.height) / 2 };
    return { crop: { ...crop, ...from }, x: 0, y: 0, width: zone.width, height: zone.height };
  }
  const scale = Math.min(byWidth, byHeight);
  const width = Math.min(zone.width, Math.max(1, Math.round(source.width * scale)));
  const height = Math.min(zone.height, Math.max(1, Math.round(source.height * scale)));
  const at = { x: Math.floor((zone.width - width) / 2), y: Math.floor((zone.height - height) / 2) };
  return { crop: { x: 0, y: 0, width: source.width, height: source.height }, ...at, width, height };
}

/** A picture for a zone: exactly its size, opaque, with black where the picture does not reach. */
export function fitPicture(
  source: Bitmap,
  zone: { readonly width: number; readonly height: number },
  fit: Fit,
): Bitmap {
  const { crop, x, y, width, height } = placeOf(source, zone, fit);
  const same = crop.width === width && crop.height === height;
  const scaled = resample(source, crop, width, height);
  const drawn =
    zone.width <= SMALL_WIDTH && !same && crop.width > width ? sharpen(scaled, SHARPENING) : scaled;
  if (width === zone.width && height === zone.height) return drawn;
  const data = new Uint8ClampedArray(zone.width * zone.height * 4);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  for (let row = 0; row < height; row += 1) {
    const line = drawn.data.subarray(row * width * 4, (row + 1) * width * 4);
    data.set(line, ((y + row) * zone.width + x) * 4);
  }
  return { data, width: zone.width, height: zone.height };
}
