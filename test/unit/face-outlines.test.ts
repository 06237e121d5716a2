import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faceFor } from '#devices/face/face';
import { FULL } from '#devices/face/glyph';
import { fill, PARTS } from '#devices/face/outline/raster';

/** Edges of a ring of corners, in pixels. */
const ring = (...corners: (readonly [x: number, y: number])[]): number[] =>
  corners.flatMap(([x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % corners.length] ?? [0, 0];
    return [x, y, nextX, nextY].map((value) => value * PARTS);
  });
const square = (from: number, to: number): number[] => ring([from, from], [from, to], [to, to], [to, from]);

test('a shape on whole pixels fills them wholly and touches no others', () => {
  const filled = fill(square(2, 5));
  expect(filled).toMatchObject({ left: 2, top: 5, width: 3, height: 3 });
  expect([...filled.coverage]).toEqual(Array.from({ length: 9 }, () => FULL));
});

test('a pixel that is half inside is half lit, and a hole is dark', () => {
  expect([...fill(ring([0, 0], [0, 2], [1, 2], [1, 0])).coverage]).toEqual([FULL, FULL]);
  const half = fill(ring([0.5, 0], [0.5, 1], [2, 1], [2, 0]));
  expect([...half.coverage]).toEqual([Math.floor(FULL / 2 + 0.5), FULL]);
  const frame = fill([...square(0, 3), ...ring([1, 1], [2, 1], [2, 2], [1, 2])]);
  expect(frame.coverage[4]).toBe(0);
  expect(frame.coverage.filter((part) => part === FULL)).toHaveLength(8);
});

test('where strokes of a letter cross, they stay as bright as elsewhere', () => {
  const crossed = fill([...ring([0, 1], [0, 2], [3, 2], [3, 1]), ...ring([1, 0], [1, 3], [2, 3], [2, 0])]);
  expect([...crossed.coverage].map((part) => part / FULL)).toEqual([0, 1, 0, 1, 1, 1, 0, 1, 0]);
});

test('as much is lit as is inside, wherever a shape stands between the pixels', () => {
  const corner = fc.integer({ min: 0, max: 20 * PARTS });
  fc.assert(
    fc.property(corner, corner, corner, corner, corner, corner, (x0, y0, x1, y1, x2, y2) => {
      const { coverage } = fill([x0, y0, x1, y1, x1, y1, x2, y2, x2, y2, x0, y0]);
      const area = Math.abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / 2 / PARTS ** 2;
      const lit = coverage.reduce((sum, part) => sum + part, 0) / FULL;
      // Each pixel on the border is rounded to a fifteenth.
      expect(Math.abs(lit - area)).toBeLessThan(2);
    }),
    { numRuns: 300 },
  );
});

test('a text keeps its shape as it grows: twice the height is twice the width and four times the light', () => {
  const light = (linePx: number): number =>
    [...'PhườngẴộ'].reduce(
      (sum, letter) =>
        sum +
        faceFor('body', linePx)
          .glyph(letter)
          .coverage.reduce((all, part) => all + part, 0) /
          FULL,
      0,
    );
  expect(light(160) / light(80)).toBeCloseTo(4, 0);
  const width = (linePx: number): number => faceFor('heading', linePx).widthOf('Phường Phù Vân');
  expect(width(320) / width(160)).toBeCloseTo(2, 1);
});
