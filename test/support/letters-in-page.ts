import { faceFor } from '#devices/face/face';
import type { Target } from '#devices/face/put-text';
import { BITMAP_CELLS, OUTLINE_CELLS, specimen, VOICES } from './letter-pixels.ts';

/** As much of a canvas as text needs: the browser's and the one without a browser are both. */
interface Paper {
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray };
  putImageData(image: never, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

/**
 * Every letter in every face, laid on a canvas and read back from it: by face a number that is another one as soon as
 * one byte is (FNV-1a).
 */
export function lettersOn(paperOf: (width: number, height: number) => Paper): Record<string, number> {
  const found: Record<string, number> = {};
  for (const voice of VOICES)
    for (const linePx of [...BITMAP_CELLS, ...OUTLINE_CELLS])
      found[`${voice} ${linePx}`] = digest(readBack(specimen(faceFor(voice, linePx)), paperOf));
  return found;
}

function readBack(drawn: Target, paperOf: (width: number, height: number) => Paper): Uint8ClampedArray {
  const paper = paperOf(drawn.width, drawn.height);
  const image = paper.createImageData(drawn.width, drawn.height);
  image.data.set(drawn.data);
  paper.putImageData(image as never, 0, 0);
  return paper.getImageData(0, 0, drawn.width, drawn.height).data;
}

function digest(bytes: Uint8ClampedArray): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
