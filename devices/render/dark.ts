import type { Brush, Size } from './brush.ts';
import { GROUND } from './ink.ts';

/** An idle board is dark. */
export function drawDark(brush: Brush, size: Size): void {
  brush.fillStyle = GROUND;
  brush.fillRect(0, 0, size.width, size.height);
}
