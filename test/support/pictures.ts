import { crc32, deflateSync } from 'node:zlib';
import { type Canvas, createCanvas, loadImage } from '@napi-rs/canvas';

type Draw = (brush: ReturnType<Canvas['getContext']>, width: number, height: number) => void;

export async function drawn(
  width: number,
  height: number,
  format: 'png' | 'jpeg' | 'webp' | 'avif' | 'gif',
  draw: Draw,
): Promise<Buffer> {
  const canvas = createCanvas(width, height);
  draw(canvas.getContext('2d'), width, height);
  switch (format) {
    case 'png':
      return canvas.encode('png');
    case 'avif':
      return canvas.encode('avif');
    case 'gif':
      return canvas.encode('gif');
    default:
      return canvas.encode(format, 92);
  }
}

/** Left half red, right half blue. */
export const redBlue: Draw = (brush, width, height) => {
  brush.fillStyle = '#e00000';
  brush.fillRect(0, 0, width / 2, height);
  brush.fillStyle = '#0000e0';
  brush.fillRect(width / 2, 0, width / 2, height);
};

/** Lines of one pixel, black and white. */
export const fineLines: Draw = (brush, width, height) => {
  brush.fillStyle = '#ffffff';
  brush.fillRect(0, 0, width, height);
  brush.fillStyle = '#000000';
  for (let x = 0; x < width; x += 2) brush.fillRect(x, 0, 1, height);
};

/** The pixel `[red, green, blue, alpha]` at a place of an encoded picture. */
export async function pixels(file: Uint8Array): Promise<{
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
  at(x: number, y: number): number[];
}> {
  const image = await loadImage(Buffer.from(file));
  const { width, height } = image;
  const brush = createCanvas(width, height).getContext('2d');
  brush.drawImage(image, 0, 0);
  const { data } = brush.getImageData(0, 0, width, height);
  return {
    width,
    height,
    data,
    at: (x, y) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)],
  };
}

/** A JPEG that says how the camera was held (EXIF 2.3, tag 0x0112) and who held it. */
export function withExif(jpeg: Buffer, orientation: number, words: string): Buffer {
  const text = Buffer.from(`${words}\0`, 'latin1');
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(2, 8);
  const entry = (at: number, tag: number, type: number, count: number): void => {
    tiff.writeUInt16BE(tag, at);
    tiff.writeUInt16BE(type, at + 2);
    tiff.writeUInt32BE(count, at + 4);
  };
  entry(10, 0x0112, 3, 1);
  tiff.writeUInt16BE(orientation, 18);
  entry(22, 0x013b, 2, text.length);
  tiff.writeUInt32BE(tiff.length, 30);
  const payload = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, text]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, payload, jpeg.subarray(2)]);
}

const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** A PNG by hand (ISO/IEC 15948): RGB of `depth` bits, of rows that may be fewer than it claims. */
export function handmadePng(width: number, height: number, depth: 8 | 16, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = 2;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * A JPEG as printers have them, 16×16 pixels of one ink each (ITU-T T.81, four components, Adobe's marker without a
 * transform: the numbers are inverted). @param inks cyan, magenta, yellow, black; 0 for none, 255 for all.
 */
export function cmykJpeg(inks: readonly [number, number, number, number]): Buffer {
  const segment = (marker: number, data: readonly number[]): Buffer =>
    Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff, ...data]);
  const bits: string[] = [];
  // Four blocks for each component; of each only the mean, and of the later ones no difference.
  const blocks = 4;
  const before = [0, 0, 0, 0];
  for (let block = 0; block < blocks; block += 1) {
    for (const [component, ink] of inks.entries()) {
      const mean = Math.round((255 - ink - 128) * 8);
      const difference = mean - (before[component] ?? 0);
      before[component] = mean;
      const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      const value = difference < 0 ? difference + 2 ** size - 1 : difference;
      // Every size has a code of four bits, its own number; the end of the block is a zero.
      bits.push(
        size.toString(2).padStart(4, '0'),
        size === 0 ? '' : value.toString(2).padStart(size, '0'),
        '0',
      );
    }
  }
  const stream = bits.join('').replace(/$/, '1111111');
  const bytes = [...Array(Math.floor(stream.length / 8)).keys()].flatMap((at) => {
    const byte = Number.parseInt(stream.slice(at * 8, at * 8 + 8), 2);
    return byte === 0xff ? [0xff, 0] : [byte];
  });
  const ids = [1, 2, 3, 4];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xee, [...Buffer.from('Adobe', 'latin1'), 0, 100, 0, 0, 0, 0, 0]),
    segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    segment(0xc0, [8, 0, 16, 0, 16, 4, ...ids.flatMap((id) => [id, 0x11, 0])]),
    segment(0xc4, [0x00, 0, 0, 0, 12, ...Array<number>(12).fill(0), ...Array(12).keys()]),
    segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0]),
    segment(0xda, [4, ...ids.flatMap((id) => [id, 0]), 0, 63, 0]),
    Buffer.from(bytes),
    Buffer.from([0xff, 0xd9]),
  ]);
}
