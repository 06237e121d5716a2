import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';

/** A sound of the library in both its forms. */
export interface Sound {
  readonly title: string;
  readonly durationMs: number;
  readonly opus: { readonly sha256: string; readonly bytes: number };
  readonly mp3: { readonly sha256: string; readonly bytes: number };
}

export type SoundState = Row<'asset'>['state'] | 'missing';

interface SoundRow {
  readonly title: string;
  readonly source: string;
  readonly state: Row<'asset'>['state'];
  readonly removed_at: number | null;
  readonly duration_ms: number | null;
  readonly opus: string | null;
  readonly opus_bytes: number | null;
  readonly mp3: string | null;
  readonly mp3_bytes: number | null;
}

const rowOf = ({ sqlite }: Store, asset: string): SoundRow | undefined =>
  sqlite
    .prepare<[string], SoundRow>(
      `SELECT a.title, a.source, a.state, a.removed_at, a.duration_ms, a.opus_sha256 AS opus, o.bytes AS opus_bytes,
          a.mp3_sha256 AS mp3, m.bytes AS mp3_bytes
        FROM asset a LEFT JOIN blob o ON o.sha256 = a.opus_sha256 LEFT JOIN blob m ON m.sha256 = a.mp3_sha256
        WHERE a.id = ?`,
    )
    .get(asset);

/** A sound that can be played; null while it is on its way, or when it was refused or cleared away. */
export function soundOf(store: Store, asset: string): Sound | null {
  const row = rowOf(store, asset);
  if (row === undefined || row.state !== 'ready') return null;
  const { title, duration_ms: durationMs, opus, opus_bytes, mp3, mp3_bytes } = row;
  if (durationMs === null || opus === null || opus_bytes === null) return null;
  if (mp3 === null || mp3_bytes === null) return null;
  return {
    title,
    durationMs,
    opus: { sha256: opus, bytes: opus_bytes },
    mp3: { sha256: mp3, bytes: mp3_bytes },
  };
}

/** Where it stands on its way into the library. */
export const soundState = (store: Store, asset: string): SoundState =>
  rowOf(store, asset)?.state ?? 'missing';

/** Whether it is there to be chosen by a person. */
export function isChoosable(store: Store, asset: string): boolean {
  const row = rowOf(store, asset);
  return row !== undefined && row.removed_at === null && row.state !== 'refused' && row.state !== 'cancelled';
}

/** Whether it may sound before the words of an emergency: the library calls it a siren, and every device holds it. */
export const isSiren = (store: Store, asset: string): boolean =>
  isChoosable(store, asset) && rowOf(store, asset)?.source === 'siren';
