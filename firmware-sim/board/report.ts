import type { BoardMode } from '#devices/board/mode';
import type { BoardReport } from '#devices/messages/heartbeat';
import { type FrameBuffer, hashOfPixels } from './frame-buffer.ts';
import type { Matrix } from './matrix.ts';
import type { PanelCondition } from './panel-condition.ts';
import type { Drawn } from './screen.ts';

/** What a device knows of its board at a moment. */
export interface BoardState {
  readonly mode: BoardMode;
  /** What was drawn last; null before the first. */
  readonly drawn: Drawn | null;
  readonly drawnAgoMs: number;
  readonly frame: FrameBuffer;
  readonly matrix: Matrix;
  readonly condition: PanelCondition;
  readonly lux: number | null;
}

/** What the device tells of its panel. A panel without power cannot be read back, and of what moves no hash says anything. */
export function reportOf({
  mode,
  drawn,
  drawnAgoMs,
  frame,
  matrix,
  condition,
  lux,
}: BoardState): BoardReport {
  const { scene, page } = drawn ?? { scene: null, page: null };
  const powered = !condition.unpowered;
  return {
    mode,
    scene: scene === null || page === null ? null : { sha256: scene.sha256, page: page.index, of: page.of },
    ...(drawn?.moving === true
      ? {}
      : { pixelsSha256: frame.hash, ...(powered ? { seenSha256: hashOfPixels(matrix.read()) } : {}) }),
    drawnAgoMs: Math.max(0, Math.round(drawnAgoMs)),
    ...(powered ? { deadPixels: condition.dead.size } : {}),
    powered,
    ...(lux === null ? {} : { lux }),
  };
}
