import type { Broadcast, BroadcastPart } from '#devices/broadcast';
import { Capabilities, type DeviceKind } from '#devices/kind';
import { LIVE_TYPE, type MediaType } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import { layOut } from '#schedules/content';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import { contentKey, type LibraryName, loadContents } from '../timetable/content.ts';
import type { Listener } from './audience.ts';

/** What is to be played now, in every form that any device could take. */
export interface Composition {
  readonly title: string;
  readonly parts: BroadcastPart[];
  readonly durationMs: number;
}

/** As the contract's `Broadcast` allows: one command must hold them all. */
const MOST_PARTS = 24;

/**
 * Once through, without repeats, from the same rooms that the planner lays out its occurrences from.
 * @throws Failure `unknown-content`; `content-not-ready` (409) while some sound of it is on its way, or was refused;
 *   `too-many-parts`.
 */
export function compose(store: Store, name: LibraryName): Composition {
  const content = loadContents(store, [name]).get(contentKey(name));
  if (content === undefined || content.removed) {
    throw new Failure(
      'unknown-content',
      `There is no ${name.kind} ${name.id}; it may have been removed. Choose another, or restore it.`,
      { params: { kind: name.kind, id: name.id } },
    );
  }
  if (content.ready === null) {
    throw new Failure(
      'content-not-ready',
      `“${content.title}” cannot be played yet: its sound is still being prepared, or was refused. Look at it in the library.`,
      { status: 409, params: { title: content.title } },
    );
  }
  refuseUnmade(store, name);
  const { parts: laidOut, durationMs } = layOut({ ...content.ready, repeat: { count: 1, gapMs: 0 } });
  // A chime calls people to listen; where there is nothing to listen to, it calls nobody.
  const heard = laidOut.some(({ role, audio }) => role === 'programme' && audio !== null);
  const parts = laidOut
    .filter(({ role }) => role === 'programme' || heard)
    .map(({ role, programme, title, offsetMs, durationMs: length, audio, scene, music }): BroadcastPart => {
      const renditions: BroadcastPart['renditions'] = [];
      if (audio !== null) {
        renditions.push({ ...audio.opus, type: 'audio/ogg' }, { ...audio.mp3, type: 'audio/mpeg' });
      }
      if (scene !== null) {
        renditions.push({ sha256: scene.sha256, bytes: scene.bytes, type: SCENE_TYPE });
      }
      return {
        ...{ role, programme, title, offsetMs, durationMs: length, renditions },
        ...(scene?.files === undefined ? {} : { files: [...scene.files] }),
        ...(music === true ? { music } : {}),
      };
    });
  if (parts.length > MOST_PARTS) {
    throw new Failure(
      'too-many-parts',
      `“${content.title}” has ${parts.length} parts; at most ${MOST_PARTS} can be played by hand. Put it in a schedule, or shorten it.`,
      { params: { parts: parts.length, limit: MOST_PARTS } },
    );
  }
  return { title: content.title, parts, durationMs };
}

/**
 * A programme is not put on the air by hand while the boards' pictures of it are those of before a change.
 * @throws Failure 409 `content-not-ready`.
 */
export function refuseUnmade({ sqlite }: Store, { kind, id }: LibraryName): void {
  const title = sqlite
    .prepare<[object], string>(
      `SELECT p.title FROM programme p WHERE p.board_state IN ('making', 'failed') AND p.id IN (
        SELECT @id WHERE @kind = 'programme'
        UNION ALL SELECT programme_id FROM playlist_item WHERE @kind = 'playlist' AND playlist_id = @id) LIMIT 1`,
    )
    .pluck()
    .get({ kind, id });
  if (title === undefined) return;
  throw new Failure(
    'content-not-ready',
    `“${title}” cannot be shown yet: its pictures are still being made for the boards, or could not be. Look at it in the library.`,
    { status: 409, params: { title } },
  );
}

/** The files that a device can play, by what it says of itself. */
export function mediaTypesOf(kind: DeviceKind, capabilities: string): ReadonlySet<MediaType> {
  if (kind === 'board') return new Set([SCENE_TYPE]);
  const { codecs, live } = Capabilities.parse(JSON.parse(capabilities));
  const files = codecs.map((codec): MediaType => (codec === 'opus' ? 'audio/ogg' : 'audio/mpeg'));
  return new Set(live === true ? [...files, LIVE_TYPE] : files);
}

/** Whether there is more in it for such a device than a chime. */
const fits = ({ parts }: Pick<Broadcast, 'parts'>, types: ReadonlySet<MediaType>): boolean =>
  parts.some(
    ({ role, renditions }) => role === 'programme' && renditions.some(({ type }) => types.has(type)),
  );

/** Those of the devices that have something of it to play. A village has few classes of devices: each is asked once. */
export function playersOf(body: Pick<Broadcast, 'parts'>, listeners: readonly Listener[]): Listener[] {
  const known = new Map<string, boolean>();
  return listeners.filter(({ kind, capabilities }) => {
    const key = `${kind} ${capabilities}`;
    const able = known.get(key) ?? fits(body, mediaTypesOf(kind, capabilities));
    known.set(key, able);
    return able;
  });
}
