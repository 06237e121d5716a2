import { bytesOf } from '../face/put-text.ts';

/** Relative luminance of `#rrggbb`, 0 … 1 (WCAG 2.2). */
export function luminance(colour: string): number {
  const [red, green, blue] = bytesOf(colour).map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** From 1 (the same) to 21 (black and white), as WCAG 2.2 counts. */
export function contrast(one: string, other: string): number {
  const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((bright ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** `share` of the way from one colour to the other, as `#rrggbb`. */
export function mix(from: string, to: string, share: number): string {
  const ends = bytesOf(to);
  const parts = bytesOf(from).map((byte, at) => Math.round(byte + ((ends[at] ?? 0) - byte) * share));
  return `#${parts.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
