import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { ListedAsset } from './asset-rows.ts';

/** @throws Failure 410 `gone`: a ready asset whose renditions the purge took. */
export function refuseGone(row: Pick<ListedAsset, 'state' | 'opus_sha256' | 'title'>): void {
  if (row.state !== 'ready' || row.opus_sha256 !== null) return;
  const detail = `The sound of “${row.title}” was deleted for good 30 days after it was removed; upload it again.`;
  throw new Failure('gone', detail, { status: 410, params: { title: row.title } });
}

/** @throws Failure 409 `in-use`: a programme or a stored message is made of the asset, or a playlist starts with it. */
export function refuseUsed({ sqlite }: Store, id: string): void {
  const user = sqlite
    .prepare<
      { id: string },
      { kind: 'programme' | 'playlist' | 'stored message'; title: string; uses: number }
    >(
      `SELECT kind, title, count(*) OVER () AS uses FROM (
         SELECT 'programme' AS kind, title FROM programme WHERE asset_id = :id AND removed_at IS NULL
         UNION ALL SELECT 'stored message', title FROM stored_message WHERE asset_id = :id AND removed_at IS NULL
         UNION ALL SELECT 'playlist', title FROM playlist WHERE chime_asset_id = :id AND removed_at IS NULL
       ) LIMIT 1`,
    )
    .get({ id });
  if (user !== undefined) throw inUse('sound file', user);
}

/** 409 `in-use`: says by what, and by how many. */
export function inUse(
  what: string,
  { kind, title, uses }: { kind: string; title: string; uses: number },
): Failure {
  const more = uses > 1 ? ` and ${uses - 1} more` : '';
  return new Failure(
    'in-use',
    `The ${what} is used by the ${kind} “${title}”${more}; take it out there first.`,
    {
      status: 409,
      params: { kind, title, uses },
    },
  );
}
