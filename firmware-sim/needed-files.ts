import { createHash } from 'node:crypto';
import { type Broadcast, type Rendition, renditionsFor } from '#devices/broadcast';
import type { MediaType, PlanBlob } from '#devices/plan';

type Size = { readonly width: number; readonly height: number };

/** Of a plan's files those that this device needs: pictures for boards of another size are passed over. */
export const neededBlobs = (blobs: readonly PlanBlob[], panel: Size | undefined): PlanBlob[] =>
  blobs.filter(({ panels }) => panels === undefined || panels.some((one) => isSame(one, panel)));

/** Every file that a device of these media types, and of this panel, needs for a broadcast; each once. */
export function filesFor(
  broadcast: Broadcast,
  types: ReadonlySet<MediaType>,
  panel: Size | undefined,
): Rendition[] {
  const parts = broadcast.parts.filter(({ renditions }) => renditions.some(({ type }) => types.has(type)));
  const named = panel === undefined ? [] : parts.flatMap(({ files = [] }) => neededBlobs(files, panel));
  const files = [...renditionsFor(broadcast, types), ...named];
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}

/** The scenes that a broadcast brings with it, as far as they are what they are called. */
export function broughtWith(
  broadcast: Broadcast,
  types: ReadonlySet<MediaType>,
): { readonly sha256: string; readonly bytes: Buffer }[] {
  return renditionsFor(broadcast, types).flatMap(({ sha256, inline }) => {
    if (inline === undefined) return [];
    const bytes = Buffer.from(inline, 'utf8');
    return createHash('sha256').update(bytes).digest('hex') === sha256 ? [{ sha256, bytes }] : [];
  });
}

const isSame = (one: Size, other: Size | undefined): boolean =>
  one.width === other?.width && one.height === other.height;
