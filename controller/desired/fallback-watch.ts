import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import { FALLBACK_BLOBS } from './board-stored.ts';

/** What the fallbacks of all boards are made of now; two of these differ when some board must hold something else. */
export const fallbacksNow = ({ sqlite }: Store): string =>
  sqlite.prepare<[], string>(`SELECT * FROM (${FALLBACK_BLOBS}) ORDER BY 1`).pluck().all().join();

/** Boards that keep a programme for such moments. */
export const boardsWithProgrammes = ({ sqlite }: Store): string[] =>
  sqlite
    .prepare<[], string>(
      `SELECT DISTINCT d.id FROM device d, json_each(d.board) chosen
        WHERE d.board IS NOT NULL AND d.removed_at IS NULL
          AND CASE chosen.type WHEN 'object' THEN chosen.value ->> '$.show' END = 'programme' ORDER BY d.id`,
    )
    .pluck()
    .all();

/** A board on which a programme stands when nothing else does, and how many there are; undefined for none. */
const boardsThatFallBackOn = (
  { sqlite }: Store,
  programme: string,
): { title: string; uses: number } | undefined =>
  sqlite
    .prepare<[string], { title: string; uses: number }>(
      `SELECT d.name AS title, count(*) OVER () AS uses FROM device d
        WHERE d.board IS NOT NULL AND d.removed_at IS NULL AND EXISTS (
          SELECT 1 FROM json_each(d.board) chosen
          WHERE CASE chosen.type WHEN 'object' THEN chosen.value ->> '$.programmeId' END = ?)
        ORDER BY d.name LIMIT 1`,
    )
    .get(programme);

/** @throws Failure 409 `fallback-in-use`: some board shows the programme when it has nothing else. */
export function refuseFallback(store: Store, programme: string): void {
  const board = boardsThatFallBackOn(store, programme);
  if (board === undefined) return;
  const { title, uses } = board;
  throw new Failure(
    'fallback-in-use',
    `The board “${title}” shows it when it has nothing else; choose something else in its settings first.`,
    { status: 409, params: { title, uses } },
  );
}
