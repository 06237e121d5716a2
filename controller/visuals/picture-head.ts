import { VisualRefusal } from './refusal.ts';
import type { Sniffed } from './sniff.ts';

type Format = Extract<Sniffed, { kind: 'image' }>['format'];

/** A picture of more would need more memory than a small machine has to spare. */
export const MOST_PIXELS = 40_000_000;
/** A side of more is no picture: no decoder that is used here goes further. */
const LONGEST_SIDE = 30_000;

/**
 * The size that a picture claims, read before anything is unpacked, and whether the file reaches its end: decoders make a
 * grey half of a picture that was cut and say nothing.
 * @throws VisualRefusal `broken-picture`, `visual-truncated` or `too-many-pixels`.
 */
export function refuseHostile(
  file: Buffer,
  format: Format,
): { readonly width: number; readonly height: number } {
  const size = claimed(file, format);
  if (size === null || size.width < 1 || size.height < 1) throw new VisualRefusal('broken-picture');
  const { width, height } = size;
  if (width * height > MOST_PIXELS || Math.max(width, height) > LONGEST_SIDE) {
    throw new VisualRefusal('too-many-pixels', { width, height, megapixels: MOST_PIXELS / 1_000_000 });
  }
  if (!isWhole(file, format)) throw new VisualRefusal('visual-truncated');
  return size;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function claimed(file: Buffer, format: Format): Size | null {
  try {
    switch (format) {
      case 'png':
        return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
      case 'gif':
        return { width: file.readUInt16LE(6), height: file.readUInt16LE(8) };
      case 'webp':
        return ofWebp(file);
      case 'jpeg':
        return ofJpeg(file);
      case 'avif':
        return ofAvif(file);
    }
  } catch {
    // Nothing is where it should be.
    return null;
  }
}

/** The canvas of the extended form, or the frame header of the two simple ones (RFC 9649). */
function ofWebp(file: Buffer): Size | null {
  const kind = file.toString('latin1', 12, 16);
  if (kind === 'VP8X') return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 };
  if (kind === 'VP8 ') {
    return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff };
  }
  if (kind !== 'VP8L') return null;
  const bits = file.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** The first frame header (ITU-T T.81 §B.2.2); segments before it are passed over by their lengths. */
function ofJpeg(file: Buffer): Size | null {
  let at = 2;
  while (at + 9 < file.length) {
    if (file[at] !== 0xff) return null;
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: file.readUInt16BE(at + 7), height: file.readUInt16BE(at + 5) };
    if (marker === 0xd9 || marker === 0xda) return null;
    at += 2 + file.readUInt16BE(at + 2);
  }
  return null;
}

/** The largest image spatial extents (`ispe`, ISO/IEC 23008-12 §6.5.3): tiles have smaller ones of their own. */
function ofAvif(file: Buffer): Size | null {
  let largest: Size | null = null;
  for (
    let at = file.indexOf('ispe', 0, 'latin1');
    at >= 0 && at < 65_536;
    at = file.indexOf('ispe', at + 4, 'latin1')
  ) {
    const size = { width: file.readUInt32BE(at + 8), height: file.readUInt32BE(at + 12) };
    if (largest === null || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

function isWhole(file: Buffer, format: Format): boolean {
  switch (format) {
    case 'jpeg':
      // Cameras append things of their own after the end marker.
      return file.lastIndexOf(Buffer.from([0xff, 0xd9])) > file.indexOf(Buffer.from([0xff, 0xda]));
    case 'png':
      return file.lastIndexOf('IEND', undefined, 'latin1') > 0;
    case 'webp':
      return file.readUInt32LE(4) + 8 <= file.length + 1;
    case 'gif':
      return firstFrameEnds(file);
    case 'avif':
      return boxesEnd(file);
  }
}

/** Walks the blocks of a GIF (89a §§ 18–25) to the end of its first picture, which is all that is taken. */
function firstFrameEnds(file: Buffer): boolean {
  const table = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + table(file[10] ?? 0);
  const passBlocks = (): void => {
    while (at < file.length && file[at] !== 0) at += (file[at] ?? 0) + 1;
    at += 1;
  };
  while (at < file.length) {
    const block = file[at];
    if (block === 0x2c) {
      at += 10 + table(file[at + 9] ?? 0) + 1;
      passBlocks();
      return at <= file.length;
    }
    if (block !== 0x21) return false;
    at += 2;
    passBlocks();
  }
  return false;
}

/** The boxes at the top fill the file. */
function boxesEnd(file: Buffer): boolean {
  let at = 0;
  while (at + 8 <= file.length) {
    const bytes = file.readUInt32BE(at);
    if (bytes === 0) return true;
    const long = bytes === 1 ? Number(file.readBigUInt64BE(at + 8)) : bytes;
    if (long < 8) return false;
    at += long;
  }
  return at === file.length;
}
