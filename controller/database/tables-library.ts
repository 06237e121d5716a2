import type { Generated } from 'kysely';

export interface BlobTable {
  sha256: string;
  bytes: number;
  type: string;
  created_at: number;
}

export interface AssetTable {
  id: string;
  title: string;
  filename: string | null;
  source: 'upload' | 'speech' | 'chime' | 'siren' | 'recording';
  language: Generated<string>;
  text: string | null;
  sha256: string | null;
  bytes: number | null;
  format: string | null;
  state: 'receiving' | 'queued' | 'working' | 'ready' | 'refused' | 'cancelled';
  stage: string | null;
  progress: Generated<number>;
  refusal: string | null;
  refusal_params: string | null;
  duration_ms: number | null;
  loudness_lufs: number | null;
  true_peak_dbtp: number | null;
  source_loudness_lufs: number | null;
  peaks: Buffer | null;
  opus_sha256: string | null;
  mp3_sha256: string | null;
  created_by: string | null;
  created_at: number;
  updated_at: number;
  removed_at: number | null;
}

export interface ProgrammeTable {
  id: string;
  title: string;
  language: Generated<string>;
  asset_id: string | null;
  notice_heading: string | null;
  notice_text: string | null;
  notice_duration_ms: number | null;
  scene_sha256: string | null;
  /** JSON of the contract's `BoardContent`, as it was composed; `scene_sha256` is what boards get of it. */
  board: string | null;
  board_state: 'ready' | 'making' | 'failed' | null;
  board_trouble: string | null;
  music: Generated<number>;
  created_by: string | null;
  created_at: number;
  updated_at: number;
  removed_at: number | null;
}

export interface PlaylistTable {
  id: string;
  title: string;
  chime_asset_id: string | null;
  created_by: string | null;
  created_at: number;
  updated_at: number;
  removed_at: number | null;
}

export interface PlaylistItemTable {
  playlist_id: string;
  position: number;
  programme_id: string;
}

export interface LibraryTables {
  blob: BlobTable;
  asset: AssetTable;
  programme: ProgrammeTable;
  playlist: PlaylistTable;
  playlist_item: PlaylistItemTable;
}
