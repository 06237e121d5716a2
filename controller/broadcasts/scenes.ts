import { readFileSync } from 'node:fs';
import type { BroadcastPart } from '#devices/broadcast';
import { SCENE_TYPE } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import { type Size, sizeKey } from '../boards/panels.ts';
import { tooLarge } from './one-message.ts';

/** As the contract's `Rendition` and `BroadcastPart` allow: letters, of which Vietnamese takes up to three bytes each. */
const MOST_INLINE = 8_192;
const MOST_FILES = 64;

/**
 * Of the pictures and films that scenes name only those that some of the boards need: a command holds few.
 * @param sizesOf of the boards that it is for; one that never told its own may need any.
 */
export function filesFor(
  parts: readonly BroadcastPart[],
  sizesOf: () => readonly (Size | null)[],
): readonly BroadcastPart[] {
  if (parts.every(({ files }) => files === undefined)) return parts;
  const sizes = sizesOf();
  const any = sizes.includes(null);
  const wanted = new Set(sizes.flatMap((size) => (size === null ? [] : [sizeKey(size)])));
  return parts.map(({ files = [], ...part }) => {
    const needed = files.filter(
      ({ panels }) => any || panels === undefined || panels.some((panel) => wanted.has(sizeKey(panel))),
    );
    return needed.length === 0 ? part : { ...part, files: needed };
  });
}

/**
 * Puts short scenes themselves into the message, the shortest first and as many as it holds, so that a thousand boards
 * light without a thousand downloads.
 * @param fits whether the message with these parts is small enough.
 * @throws Failure 422 `broadcast-too-large` when it is not even without any.
 */
export function withScenes(
  parts: readonly BroadcastPart[],
  title: string,
  blobs: Pick<BlobStore, 'path'>,
  fits: (parts: readonly BroadcastPart[]) => boolean,
): BroadcastPart[] {
  let message = [...parts];
  if (!fits(message) || parts.some(({ files = [] }) => files.length > MOST_FILES))
    throw tooLarge(title, parts.length);
  const scenes = new Map(
    parts.flatMap(({ renditions }) =>
      renditions
        .filter(({ type, bytes }) => type === SCENE_TYPE && bytes <= MOST_INLINE * 3)
        .map(({ sha256, bytes }) => [sha256, bytes] as const),
    ),
  );
  for (const [sha256] of [...scenes].sort(([, one], [, other]) => one - other)) {
    const inline = textOf(blobs, sha256);
    if (inline === null || inline.length > MOST_INLINE) continue;
    const longer = message.map((part) => ({
      ...part,
      renditions: part.renditions.map((rendition) =>
        rendition.sha256 === sha256 ? { ...rendition, inline } : rendition,
      ),
    }));
    if (!fits(longer)) break;
    message = longer;
  }
  return message;
}

/** A file that is not there is fetched by nobody either; the devices say so. */
function textOf(blobs: Pick<BlobStore, 'path'>, sha256: string): string | null {
  try {
    return readFileSync(blobs.path(sha256), 'utf8');
  } catch {
    return null;
  }
}
