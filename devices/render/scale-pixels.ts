import type { PixelData } from './brush.ts';
import type { Placing } from './picture-place.ts';

/**
 * Scales a part of a picture: each new pixel is the mean of what it covers, in whole numbers, the same on every machine
 * (how a canvas scales is its own affair). A picture that is enlarged keeps hard edges, as a matrix of LEDs has.
 */
export function scalePixels(picture: PixelData, { from, to }: Placing, into: PixelData): void {
  const columns = spans(from.x, from.width, to.width, picture.width);
  const rows = spans(from.y, from.height, to.height, picture.height);
  for (let y = 0; y < to.height; y += 1) {
    for (let x = 0; x < to.width; x += 1) {
      mean(picture, columns, x, rows, y, into.data, (y * into.width + x) * 4);
    }
  }
}

/** Of each new pixel: the first and last old one, as pairs. */
function spans(start: number, length: number, count: number, end: number): Int32Array {
  const found = new Int32Array(count * 2);
  for (let at = 0; at < count; at += 1) {
    const first = start + Math.floor((at * length) / count);
    const last =
      start + Math.max(Math.floor((at * length) / count), Math.ceil(((at + 1) * length) / count) - 1);
    found[at * 2] = Math.min(end - 1, first);
    found[at * 2 + 1] = Math.min(end - 1, length > count ? last : first);
  }
  return found;
}

function mean(
  { data, width }: PixelData,
  columns: Int32Array,
  column: number,
  rows: Int32Array,
  row: number,
  into: Uint8ClampedArray,
  at: number,
): void {
  const [left, right] = [columns[column * 2] ?? 0, columns[column * 2 + 1] ?? 0];
  const [top, bottom] = [rows[row * 2] ?? 0, rows[row * 2 + 1] ?? 0];
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left, from = (y * width + left) * 4; x <= right; x += 1, from += 4) {
      red += data[from] ?? 0;
      green += data[from + 1] ?? 0;
      blue += data[from + 2] ?? 0;
    }
  }
  const count = (right - left + 1) * (bottom - top + 1);
  into[at] = Math.floor((red + (count >> 1)) / count);
  into[at + 1] = Math.floor((green + (count >> 1)) / count);
  into[at + 2] = Math.floor((blue + (count >> 1)) / count);
  into[at + 3] = 255;
}
