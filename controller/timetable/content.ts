import { PlanBlob } from '#devices/plan';
import type { ContentItem, SceneRef } from '#schedules/content';
import type { Store } from '../database/open.ts';

/** What lies in the library. */
export interface LibraryName {
  readonly kind: 'programme' | 'playlist';
  readonly id: string;
}

/** What a schedule names: also a stream, for so many minutes. */
export type ContentName =
  | LibraryName
  | { readonly kind: 'relay'; readonly id: string; readonly minutes: number };

/** Ready to be laid out, or not: some sound of it is still on its way, was refused, or was removed. */
export interface Content {
  readonly title: string;
  readonly removed: boolean;
  readonly ready: { readonly chime: ContentItem | null; readonly items: readonly ContentItem[] } | null;
}

interface ItemRow {
  readonly id: string;
  readonly title: string;
  readonly removed_at: number | null;
  readonly asset_id: string | null;
  readonly music: number;
  readonly scene_sha256: string | null;
  readonly notice_duration_ms: number | null;
  readonly scene_bytes: number | null;
}

interface SoundRow {
  readonly duration_ms: number | null;
  readonly opus_sha256: string | null;
  readonly opus_bytes: number | null;
  readonly mp3_sha256: string | null;
  readonly mp3_bytes: number | null;
}

const SOUND = `
  CASE WHEN a.state = 'ready' THEN a.duration_ms END AS duration_ms,
  a.opus_sha256, o.bytes AS opus_bytes, a.mp3_sha256, m.bytes AS mp3_bytes`;
const SOUND_JOIN = `
  LEFT JOIN blob o ON o.sha256 = a.opus_sha256
  LEFT JOIN blob m ON m.sha256 = a.mp3_sha256`;
const ITEM = `
  p.id, p.title, p.removed_at, p.asset_id, p.music, p.scene_sha256, p.notice_duration_ms, s.bytes AS scene_bytes, ${SOUND}`;
const ITEM_JOIN = `
  LEFT JOIN asset a ON a.id = p.asset_id ${SOUND_JOIN}
  LEFT JOIN blob s ON s.sha256 = p.scene_sha256`;

/** The contents of many schedules in three queries. A name that does not exist is absent from the answer. */
export function loadContents(store: Store, names: Iterable<ContentName>): Map<string, Content> {
  const programmes = new Set<string>();
  const playlists = new Set<string>();
  const relays: Extract<ContentName, { kind: 'relay' }>[] = [];
  for (const name of names) {
    if (name.kind === 'relay') relays.push(name);
    else (name.kind === 'programme' ? programmes : playlists).add(name.id);
  }
  const contents = new Map<string, Content>();
  const rows = programmes.size === 0 ? [] : programmesOf(store, programmes);
  const files = sceneFiles(store, rows);
  for (const row of rows) {
    const item = row.removed_at === null ? itemOf(row, files) : null;
    contents.set(contentKey({ kind: 'programme', id: row.id }), {
      title: row.title,
      removed: row.removed_at !== null,
      ready: item === null ? null : { chime: null, items: [item] },
    });
  }
  if (playlists.size > 0) loadPlaylists(store, playlists, contents);
  if (relays.length > 0) loadRelays(store, relays, contents);
  return contents;
}

export const contentKey = (name: ContentName): string =>
  name.kind === 'relay' ? `relay ${name.id} ${name.minutes}` : `${name.kind} ${name.id}`;

function loadRelays(
  { sqlite }: Store,
  names: readonly Extract<ContentName, { kind: 'relay' }>[],
  contents: Map<string, Content>,
): void {
  const rows = sqlite
    .prepare<[string], { id: string; title: string; removed_at: number | null }>(
      'SELECT s.id, s.title, s.removed_at FROM json_each(?) j JOIN relay_source s ON s.id = j.value',
    )
    .all(JSON.stringify([...new Set(names.map(({ id }) => id))]));
  const sources = new Map(rows.map((row) => [row.id, row]));
  for (const name of names) {
    const source = sources.get(name.id);
    if (source === undefined) continue;
    const { title, removed_at: removedAt } = source;
    const item: ContentItem = {
      ...{ programme: null, title, durationMs: name.minutes * 60_000, audio: null, scene: null, live: true },
    };
    const removed = removedAt !== null;
    contents.set(contentKey(name), {
      title,
      removed,
      ready: removed ? null : { chime: null, items: [item] },
    });
  }
}

function programmesOf({ sqlite }: Store, ids: ReadonlySet<string>): (ItemRow & SoundRow)[] {
  return sqlite
    .prepare<[string], ItemRow & SoundRow>(
      `SELECT ${ITEM} FROM json_each(?) j JOIN programme p ON p.id = j.value ${ITEM_JOIN}`,
    )
    .all(JSON.stringify([...ids]));
}

function loadPlaylists(store: Store, ids: ReadonlySet<string>, contents: Map<string, Content>): void {
  const { sqlite } = store;
  const wanted = JSON.stringify([...ids]);
  const heads = sqlite
    .prepare<
      [string],
      {
        playlist: string;
        name: string;
        removed_at: number | null;
        chime: string | null;
        chime_title: string | null;
      } & SoundRow
    >(
      `SELECT l.id AS playlist, l.title AS name, l.removed_at, l.chime_asset_id AS chime, a.title AS chime_title, ${SOUND}
        FROM json_each(?) j JOIN playlist l ON l.id = j.value
        LEFT JOIN asset a ON a.id = l.chime_asset_id ${SOUND_JOIN}`,
    )
    .all(wanted);
  const rows = sqlite
    .prepare<[string], { playlist: string } & ItemRow & SoundRow>(
      `SELECT i.playlist_id AS playlist, ${ITEM} FROM json_each(?) j
        JOIN playlist_item i ON i.playlist_id = j.value JOIN programme p ON p.id = i.programme_id ${ITEM_JOIN}
        ORDER BY i.playlist_id, i.position`,
    )
    .all(wanted);
  const files = sceneFiles(store, rows);
  const items = new Map<string, (ContentItem | null)[]>();
  for (const row of rows) {
    const list = items.get(row.playlist) ?? [];
    list.push(row.removed_at === null ? itemOf(row, files) : null);
    items.set(row.playlist, list);
  }
  for (const head of heads) {
    const list = items.get(head.playlist) ?? [];
    const whole = list.filter((item) => item !== null);
    const chime = chimeOf(head);
    const missing =
      head.removed_at !== null || list.length === 0 || whole.length < list.length || chime === 'missing';
    contents.set(contentKey({ kind: 'playlist', id: head.playlist }), {
      title: head.name,
      removed: head.removed_at !== null,
      ready: missing ? null : { chime, items: whole },
    });
  }
}

function chimeOf(
  row: { chime: string | null; chime_title: string | null } & SoundRow,
): ContentItem | null | 'missing' {
  if (row.chime === null) return null;
  const sound = soundOf(row);
  if (sound === null) return 'missing';
  return { programme: null, title: row.chime_title ?? '', ...sound, scene: null };
}

/** Where there is sound, its length is the item's, for boards too: both begin and end together. */
function itemOf(row: ItemRow & SoundRow, files: SceneFiles): ContentItem | null {
  const sound = soundOf(row);
  if (row.asset_id !== null && sound === null) return null;
  // While pictures of it are being made, boards keep what they had: none is to go dark for a correction.
  const scene =
    row.scene_sha256 === null || row.scene_bytes === null
      ? null
      : sceneOf(row.scene_sha256, row.scene_bytes, files);
  const durationMs = sound?.durationMs ?? row.notice_duration_ms;
  if ((sound === null && scene === null) || durationMs === null) return null;
  const item = { programme: row.id, title: row.title, durationMs, audio: sound?.audio ?? null, scene };
  return row.music === 1 ? { ...item, music: true } : item;
}

type SceneFiles = ReadonlyMap<string, readonly PlanBlob[]>;

function sceneOf(sha256: string, bytes: number, files: SceneFiles): SceneRef {
  const named = files.get(sha256);
  return named === undefined ? { sha256, bytes } : { sha256, bytes, files: named };
}

/** The pictures and films that scenes name, by scene; in one query. */
export function sceneFiles(
  { sqlite }: Store,
  scenes: readonly { readonly scene_sha256: string | null }[],
): SceneFiles {
  const names = new Set(scenes.flatMap(({ scene_sha256 }) => scene_sha256 ?? []));
  const files = new Map<string, PlanBlob[]>();
  if (names.size === 0) return files;
  const rows = sqlite
    .prepare<[string], { scene: string; sha256: string; bytes: number; type: string; panels: string | null }>(
      `SELECT f.scene_sha256 AS scene, b.sha256, b.bytes, b.type, f.panels FROM json_each(?) j
        JOIN scene_file f ON f.scene_sha256 = j.value JOIN blob b ON b.sha256 = f.file_sha256 ORDER BY b.sha256`,
    )
    .all(JSON.stringify([...names]));
  for (const { scene, panels, ...blob } of rows) {
    const file = PlanBlob.parse(panels === null ? blob : { ...blob, panels: JSON.parse(panels) });
    files.set(scene, [...(files.get(scene) ?? []), file]);
  }
  return files;
}

function soundOf(row: SoundRow): (Pick<ContentItem, 'durationMs' | 'audio'> & { audio: object }) | null {
  const { duration_ms, opus_sha256, opus_bytes, mp3_sha256, mp3_bytes } = row;
  if (duration_ms === null || opus_sha256 === null || opus_bytes === null) return null;
  if (mp3_sha256 === null || mp3_bytes === null) return null;
  return {
    durationMs: Math.max(1, Math.round(duration_ms)),
    audio: {
      opus: { sha256: opus_sha256, bytes: opus_bytes },
      mp3: { sha256: mp3_sha256, bytes: mp3_bytes },
    },
  };
}
