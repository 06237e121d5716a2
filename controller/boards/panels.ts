import { Capabilities, type Panel } from '#devices/kind';
import type { Store } from '../database/open.ts';
import { boardChoiceOf } from '../desired/board-choice.ts';

/** Whole pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A board as far as what is shown on it depends on it. */
export interface BoardPanel {
  readonly id: string;
  readonly name: string;
  /** What is drawn on: of an LED panel that mirrors a part of a screen, that part. Null: it never said. */
  readonly panel: Panel | null;
  readonly display: 'led' | 'lcd' | null;
  readonly viewingMetres: number;
  readonly pictureEveryMinutes: number;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly capabilities: string;
  readonly board: string | null;
}

const BOARDS = "SELECT id, name, capabilities, board FROM device WHERE kind = 'board' AND removed_at IS NULL";

/** Every board of the site, by name; one query. */
export const boardPanels = ({ sqlite }: Store): BoardPanel[] =>
  sqlite.prepare<[], Row>(`${BOARDS} ORDER BY name, id`).all().map(panelOf);

/** Those of the devices that are boards; one query. */
export const boardPanelsOf = ({ sqlite }: Store, devices: Iterable<string>): BoardPanel[] =>
  sqlite
    .prepare<[string], Row>(`${BOARDS} AND id IN (SELECT value FROM json_each(?)) ORDER BY name, id`)
    .all(JSON.stringify([...devices]))
    .map(panelOf);

export function panelOf({ id, name, capabilities, board }: Row): BoardPanel {
  const { panel: told, display = null } = Capabilities.parse(JSON.parse(capabilities));
  const { rectangle, viewingMetres, pictureEveryMinutes } = boardChoiceOf(board);
  const panel =
    told === undefined
      ? null
      : rectangle === null
        ? told
        : { width: rectangle.width, height: rectangle.height, pitchMm: told.pitchMm };
  return { id, name, panel, display, viewingMetres, pictureEveryMinutes };
}

export const sizeKey = ({ width, height }: Size): string => `${width}×${height}`;

/** The sizes of boards, the most frequent first. */
export function sizesOf(boards: readonly BoardPanel[]): Size[] {
  const sizes = new Map<string, { readonly size: Size; boards: number }>();
  for (const { panel } of boards) {
    if (panel === null) continue;
    const { width, height } = panel;
    const known = sizes.get(sizeKey(panel)) ?? { size: { width, height }, boards: 0 };
    known.boards += 1;
    sizes.set(sizeKey(panel), known);
  }
  return [...sizes.values()].sort((one, other) => other.boards - one.boards).map(({ size }) => size);
}
