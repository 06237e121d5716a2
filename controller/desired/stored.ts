import type { Rendition } from '#devices/broadcast';
import type { DeviceKind } from '#devices/kind';
import type { MediaType } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import { mediaTypesOf } from '../broadcasts/compose.ts';
import type { Store } from '../database/open.ts';
import { FALLBACK_BLOBS } from './board-stored.ts';

/** What every device keeps, siren or message, in every form that there is; a device takes the first that it can play. */
export type StoredItem = readonly Rendition[];

/** Sirens, and the sounds of stored messages. */
const STORED_ASSETS = `SELECT id FROM asset WHERE source = 'siren' AND removed_at IS NULL
  UNION SELECT value ->> 'sirenAssetId' FROM policy WHERE name = 'emergency' AND value ->> 'sirenAssetId' IS NOT NULL
  UNION SELECT asset_id FROM stored_message WHERE removed_at IS NULL`;

/** A subquery: the SHA-256 of every file that devices keep, in all its forms. */
export const STORED_BLOBS = `SELECT opus_sha256 FROM asset WHERE opus_sha256 IS NOT NULL AND id IN (${STORED_ASSETS})
  UNION SELECT mp3_sha256 FROM asset WHERE mp3_sha256 IS NOT NULL AND id IN (${STORED_ASSETS})
  UNION SELECT scene_sha256 FROM stored_message WHERE removed_at IS NULL AND purpose = 'message'
  UNION ${FALLBACK_BLOBS}`;

/** As the contract's `Desired.stored` allows. */
export const MOST_STORED = 48;

/** Everything that is to be stored and is ready; a few rows, read once for any number of devices. */
export function storedItems({ sqlite }: Store): StoredItem[] {
  const sounds = sqlite
    .prepare<[], { opus: string; opus_bytes: number; mp3: string; mp3_bytes: number }>(
      `SELECT a.opus_sha256 AS opus, o.bytes AS opus_bytes, a.mp3_sha256 AS mp3, m.bytes AS mp3_bytes
        FROM asset a JOIN blob o ON o.sha256 = a.opus_sha256 JOIN blob m ON m.sha256 = a.mp3_sha256
        WHERE a.id IN (${STORED_ASSETS}) ORDER BY a.source = 'siren' DESC, a.id LIMIT ${MOST_STORED}`,
    )
    .all();
  const scenes = sqlite
    .prepare<[], { sha256: string; bytes: number }>(
      `SELECT DISTINCT b.sha256, b.bytes FROM stored_message s JOIN blob b ON b.sha256 = s.scene_sha256
        WHERE s.removed_at IS NULL AND s.purpose = 'message' ORDER BY b.sha256 LIMIT ${MOST_STORED}`,
    )
    .all();
  return [
    ...sounds.map(
      (sound): StoredItem => [
        { sha256: sound.opus, bytes: sound.opus_bytes, type: 'audio/ogg' },
        { sha256: sound.mp3, bytes: sound.mp3_bytes, type: 'audio/mpeg' },
      ],
    ),
    ...scenes.map((scene): StoredItem => [{ ...scene, type: SCENE_TYPE }]),
  ];
}

/** Which of it each class of devices keeps. A village has few classes: each is asked once. */
export class StoredByClass {
  readonly #items: readonly StoredItem[];
  readonly #known = new Map<string, readonly Rendition[]>();

  constructor(items: readonly StoredItem[]) {
    this.#items = items;
  }

  of(kind: DeviceKind, capabilities: string): readonly Rendition[] {
    const key = `${kind} ${capabilities}`;
    const known = this.#known.get(key) ?? chosen(this.#items, mediaTypesOf(kind, capabilities));
    this.#known.set(key, known);
    return known;
  }

  /**
   * As a desired document says it: absent rather than empty, so that a site without any keeps its documents.
   * @param own what this device keeps besides its class, after everything that emergencies need.
   */
  named(kind: DeviceKind, capabilities: string, own: readonly Rendition[] = []): { stored?: Rendition[] } {
    const files = new Map([...this.of(kind, capabilities), ...own].map((file) => [file.sha256, file]));
    return files.size === 0 ? {} : { stored: [...files.values()].slice(0, MOST_STORED) };
  }
}

function chosen(items: readonly StoredItem[], types: ReadonlySet<MediaType>): Rendition[] {
  const files = items.flatMap((item) => item.find(({ type }) => types.has(type)) ?? []);
  return [...new Map(files.map((file) => [file.sha256, file])).values()].slice(0, MOST_STORED);
}
