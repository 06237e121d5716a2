import type { Face } from '../face/face.ts';
import { putText } from '../face/put-text.ts';
import type { Raster } from './raster.ts';

const DIGITS = [...'0123456789'];
const widestDigit = (face: Face): number => Math.max(...DIGITS.map((digit) => face.advance(digit)));

/** Figures that change in their place do not make their neighbours jump: each digit has as much room as the widest. */
export const widthOfDigits = (face: Face, text: string): number =>
  [...text].reduce((sum, letter) => sum + cellOf(face, letter), 0);

export function putDigits(
  raster: Raster,
  face: Face,
  text: string,
  x: number,
  baseline: number,
  ink: string,
): void {
  let at = x;
  for (const letter of text) {
    const cell = cellOf(face, letter);
    putText(raster, face, letter, at + Math.floor((cell - face.advance(letter)) / 2), baseline, ink);
    at += cell;
  }
}

const cellOf = (face: Face, letter: string): number =>
  DIGITS.includes(letter) ? widestDigit(face) : face.advance(letter);
