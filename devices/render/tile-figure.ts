import { type Face, faceFor } from '../face/face.ts';
import { putText } from '../face/put-text.ts';
import type { Box } from './box.ts';
import { largest } from './fit.ts';
import type { Raster } from './raster.ts';

/** A figure, its unit smaller beside it. */
export interface TileFigure {
  readonly value: Face;
  readonly unit: Face;
  /** Between them. */
  readonly blank: number;
}

/** As large as fits; figures have neither marks nor tails, and some room above. */
export function figureIn(value: string, unit: string | undefined, width: number, height: number): TileFigure {
  const setAt = (linePx: number): TileFigure => {
    const face = faceFor('heading', linePx);
    const small = faceFor('body', Math.max(8, Math.round(linePx * 0.55)));
    return { value: face, unit: small, blank: Math.max(1, Math.round(face.capitalPx / 6)) };
  };
  const found = largest(8, Math.max(8, 2 * height), (linePx) => {
    const figure = setAt(linePx);
    const fits = widthOfFigure(figure, value, unit) <= width && figure.value.capitalPx * 1.45 <= height;
    return fits ? figure : null;
  });
  return found ?? setAt(8);
}

export const widthOfFigure = (figure: TileFigure, value: string, unit: string | undefined): number =>
  figure.value.widthOf(value) +
  (unit === undefined || unit === '' ? 0 : figure.blank + figure.unit.widthOf(unit));

export function paintFigure(
  raster: Raster,
  figure: TileFigure,
  value: string,
  unit: string | undefined,
  at: Box,
  align: 'start' | 'center',
  ink: string,
): void {
  const free = at.width - widthOfFigure(figure, value, unit);
  const baseline = at.y + at.height;
  const x = at.x + (align === 'center' ? Math.max(0, Math.floor(free / 2)) : 0);
  const end = putText(raster, figure.value, value, x, baseline, ink);
  if (unit !== undefined) putText(raster, figure.unit, unit, end + figure.blank, baseline, ink);
}
