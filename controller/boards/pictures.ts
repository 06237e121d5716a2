import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';

/** A picture of what was lit on a board. */
export interface BoardPicture {
  readonly id: string;
  /** When it was taken, epoch ms. */
  readonly at: number;
  readonly receivedAt: number;
  readonly pixelsSha256: string | null;
  readonly bytes: number;
}

type Stored = Pick<Row<'evidence'>, 'id' | 'received_at' | 'taken_at' | 'pixels_sha256' | 'bytes'>;
const COLUMNS = 'e.id, e.received_at, e.taken_at, e.pixels_sha256, e.bytes';
/** When it was taken, as far as is known. */
const TAKEN = 'coalesce(taken_at, received_at)';
const MOST_LISTED = 200;

/** The newest picture of each board; one query. */
export function newestPictures({ sqlite }: Store, boards: readonly string[]): Map<string, BoardPicture> {
  const rows = sqlite
    .prepare<[string], Stored & { device_id: string }>(
      `SELECT e.device_id, ${COLUMNS} FROM json_each(?) j CROSS JOIN evidence e ON e.id =
        (SELECT id FROM evidence INDEXED BY evidence_taken WHERE device_id = j.value AND type = 'image/png'
          ORDER BY ${TAKEN} DESC LIMIT 1)`,
    )
    .all(JSON.stringify(boards));
  return new Map(rows.map((row) => [row.device_id, pictureOf(row)]));
}

/** The pictures of a board, newest first. */
export const picturesOf = ({ sqlite }: Store, board: string): BoardPicture[] =>
  sqlite
    .prepare<[string], Stored>(
      `SELECT ${COLUMNS} FROM evidence e WHERE device_id = ? AND type = 'image/png'
        ORDER BY ${TAKEN} DESC LIMIT ${MOST_LISTED}`,
    )
    .all(board)
    .map(pictureOf);

const pictureOf = ({ id, received_at, taken_at, pixels_sha256, bytes }: Stored): BoardPicture => ({
  ...{ id, at: taken_at ?? received_at, receivedAt: received_at, pixelsSha256: pixels_sha256, bytes },
});
