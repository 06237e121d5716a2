import { type Face, faceFor, type Voice } from '#devices/face/face';
import { VIETNAMESE_LETTERS } from '#devices/face/letters';
import { fillTarget, putText, type Target } from '#devices/face/put-text';

/** Heights of cells that have letters of their own drawing, and some that are filled outlines. */
export const BITMAP_CELLS = [13, 16, 20, 24, 28] as const;
export const OUTLINE_CELLS = [29, 32, 48, 96] as const;
export const VOICES: readonly Voice[] = ['body', 'heading'];

export const target = (width: number, height: number, ground = '#000000'): Target => {
  const made = { data: new Uint8ClampedArray(width * height * 4), width, height };
  fillTarget(made, ground);
  return made;
};

/** Every Vietnamese letter with marks, the alphabet, and sentences as they stand on a board. */
export function specimen(face: Face): Target {
  const per = Math.ceil(VIETNAMESE_LETTERS.length / 5);
  const lines = [
    ...Array.from({ length: 5 }, (_, row) => VIETNAMESE_LETTERS.slice(row * per, (row + 1) * per).join('')),
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789',
    'abcdefghijklmnopqrstuvwxyz .,:;!?()/%&',
    'Đường Lê Lợi: cấm đỗ xe từ 06:00 ngày 24/11/2026',
    'HỘI ĐỒNG NHÂN DÂN PHƯỜNG PHÙ VÂN – № 3 → ✓',
    '“Những giỗ tổ, kỵ nhật ở xã Ẵ” 1.500 ₫ ± 25 °C',
  ];
  const leading = Math.ceil(face.linePx / 8);
  const drawn = target(
    Math.max(...lines.map((line) => face.widthOf(line))) + 4,
    lines.length * (face.linePx + leading) + leading,
  );
  for (const [row, line] of lines.entries())
    putText(drawn, face, line, 2, leading + row * (face.linePx + leading) + face.ascent, '#ffffff');
  return drawn;
}

/** How many stretches of ink a letter has, that touch nowhere, not even by corners. */
export function islands(face: Face, letter: string): number {
  const { width, height, coverage } = face.glyph(letter);
  const seen = new Set<number>();
  const inked = (x: number, y: number): boolean =>
    x >= 0 && x < width && y >= 0 && y < height && (coverage[y * width + x] ?? 0) > 0;
  let count = 0;
  for (let start = 0; start < coverage.length; start += 1) {
    if ((coverage[start] ?? 0) === 0 || seen.has(start)) continue;
    count += 1;
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const [x, y] = [at % width, Math.floor(at / width)];
      for (const dy of [-1, 0, 1])
        for (const dx of [-1, 0, 1]) if (inked(x + dx, y + dy)) open.push((y + dy) * width + x + dx);
    }
  }
  return count;
}

/** In how many pixels two letters differ, standing on the same spot. */
export function apart(face: Face, one: string, other: string): number {
  const wide = face.widthOf('W') * 2;
  const draw = (letter: string): Uint8ClampedArray => {
    const drawn = target(wide, face.linePx);
    putText(drawn, face, letter, Math.floor(wide / 4), face.ascent, '#ffffff');
    return drawn.data;
  };
  const [first, second] = [draw(one), draw(other)];
  let count = 0;
  for (let at = 0; at < first.length; at += 4) if (first[at] !== second[at]) count += 1;
  return count;
}

export const everyFace = (cells: readonly number[]): { voice: Voice; linePx: number; face: Face }[] =>
  VOICES.flatMap((voice) => cells.map((linePx) => ({ voice, linePx, face: faceFor(voice, linePx) })));
