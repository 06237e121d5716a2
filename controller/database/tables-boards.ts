/** Files that scenes name. `panels` is JSON of `PlanBlob.panels`, null where every board needs the file. */
export interface SceneFileTable {
  scene_sha256: string;
  file_sha256: string;
  panels: string | null;
}

export interface VisualTable {
  id: string;
  kind: 'image' | 'video';
  title: string;
  filename: string | null;
  alt: string;
  bytes: number | null;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  source_sha256: string | null;
  thumbnail_sha256: string | null;
  film_sha256: string | null;
  state: 'receiving' | 'queued' | 'working' | 'ready' | 'refused' | 'cancelled';
  progress: number;
  refusal: string | null;
  created_by: string | null;
  created_at: number;
  updated_at: number;
  removed_at: number | null;
}

/** `file` is JSON of the contract's `PictureFile` or `FilmFile`. */
export interface VisualFitTable {
  visual_id: string;
  width: number;
  height: number;
  fit: 'contain' | 'cover';
  file_sha256: string;
  file: string;
  made_at: number;
}

export interface PublicBoardDayTable {
  day: string;
  what: 'view' | 'share';
  item: string;
  count: number;
}

/** `boards` is JSON of names; `width` and `height` are those of the board on which it stood first. */
export interface PublicBoardItemTable {
  id: string;
  scene_sha256: string;
  title: string;
  language: string;
  words: string;
  priority: string;
  boards: string;
  width: number;
  height: number;
  first_at: number;
  last_at: number;
}

export interface BoardTables {
  scene_file: SceneFileTable;
  visual: VisualTable;
  visual_fit: VisualFitTable;
  public_board_day: PublicBoardDayTable;
  public_board_item: PublicBoardItemTable;
}
