/** RGBA rows, eight bits each; what is read here is opaque. */
export interface Bitmap {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** In pixels of the source; fractions are allowed. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Light is added up as light: the numbers of sRGB (IEC 61966-2-1) are not proportional to it. */
const LIGHT = Float32Array.from({ length: 256 }, (_, value) => {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});
/** Back again, by the root of the light, so that the steps are small where the eye sees them. */
const STEPS = 8_191;
const CODE = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
  const light = (step / STEPS) ** 2;
  const v = light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(v * 255);
});
const codeOf = (light: number): number =>
  light <= 0 ? 0 : light >= 1 ? 255 : (CODE[Math.round(Math.sqrt(light) * STEPS)] ?? 0);

/**
 * Lanczos with two lobes. With three, a bright edge throws a second ring; among dark pixels, and in terms of light, it
 * is seen.
 */
const LOBES = 2;
function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const px = Math.PI * x;
  return (LOBES * Math.sin(px) * Math.sin(px / LOBES)) / (px * px);
}

/** Which source pixels make one pixel of the result, and by how much each. */
interface Taps {
  readonly first: number;
  readonly weights: Float32Array;
}

function tapsOf(from: number, length: number, pixels: number, available: number): Taps[] {
  const scale = length / pixels;
  const widening = Math.max(1, scale);
  return Array.from({ length: pixels }, (_, index) => {
    const centre = from + (index + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - LOBES * widening));
    const last = Math.min(available - 1, Math.floor(centre + LOBES * widening));
    const weights = Float32Array.from({ length: last - first + 1 }, (_, tap) =>
      lanczos((first + tap - centre) / widening),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/**
 * Makes a picture of another size, in linear light, so that a fine grid turns into its mean and not into a moiré.
 * The same bytes on every machine: nothing is left to a canvas.
 */
export function resample(source: Bitmap, crop: Crop, width: number, height: number): Bitmap {
  const across = tapsOf(crop.x, crop.width, width, source.width);
  const down = tapsOf(crop.y, crop.height, height, source.height);
  const data = new Uint8ClampedArray(width * height * 4);
  const sum = new Float32Array(width * 3);
  // Rows of the source, already as wide as the result; only those that the next row needs are kept.
  const rows = new Map<number, Float32Array>();
  const spare: Float32Array[] = [];
  for (const [y, { first, weights }] of down.entries()) {
    for (const [row, values] of rows) {
      if (row >= first) continue;
      rows.delete(row);
      spare.push(values);
    }
    sum.fill(0);
    for (let tap = 0; tap < weights.length; tap += 1) {
      let values = rows.get(first + tap);
      if (values === undefined) {
        values = spare.pop() ?? new Float32Array(width * 3);
        narrow(source, first + tap, across, values);
        rows.set(first + tap, values);
      }
      const weight = weights[tap] ?? 0;
      for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + weight * (values[at] ?? 0);
    }
    let to = y * width * 4;
    for (let at = 0; at < sum.length; at += 3) {
      data[to] = codeOf(sum[at] ?? 0);
      data[to + 1] = codeOf(sum[at + 1] ?? 0);
      data[to + 2] = codeOf(sum[at + 2] ?? 0);
      data[to + 3] = 255;
      to += 4;
    }
  }
  return { data, width, height };
}

function narrow({ data, width }: Bitmap, row: number, across: readonly Taps[], into: Float32Array): void {
  const start = row * width * 4;
  let to = 0;
  for (const { first, weights } of across) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let at = start + first * 4;
    for (let tap = 0; tap < weights.length; tap += 1) {
      const weight = weights[tap] ?? 0;
      red += weight * (LIGHT[data[at] ?? 0] ?? 0);
      green += weight * (LIGHT[data[at + 1] ?? 0] ?? 0);
      blue += weight * (LIGHT[data[at + 2] ?? 0] ?? 0);
      at += 4;
    }
    into[to] = red;
    into[to + 1] = green;
    into[to + 2] = blue;
    to += 3;
  }
}

/** Strengthens edges a little, by what a pixel differs from its eight neighbours: on few pixels a face needs it. */
export function sharpen({ data, width, height }: Bitmap, amount: number): Bitmap {
  const sharp = new Uint8ClampedArray(data);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        let around = 0;
        let weights = 0;
        for (let dy = -1; dy <= 1; dy += 1) {
          for (let dx = -1; dx <= 1; dx += 1) {
            if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
            const weight = (2 - Math.abs(dx)) * (2 - Math.abs(dy));
            around += weight * (data[((y + dy) * width + x + dx) * 4 + channel] ?? 0);
            weights += weight;
          }
        }
        const at = (y * width + x) * 4 + channel;
        const own = data[at] ?? 0;
        sharp[at] = own + amount * (own - around / weights);
      }
    }
  }
  return { data: sharp, width, height };
}
