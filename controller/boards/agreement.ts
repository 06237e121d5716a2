import type { z } from 'zod';
import type { BoardReport } from '#devices/messages/heartbeat';
import type { Agreement } from '../http/contract/boards.ts';
import type { PageProof } from './page-hashes.ts';

export type Agreed = z.infer<typeof Agreement>;

/** What should be on a board, to compare with. */
export interface Expected {
  /** Any of them may stand; empty: nothing but a fallback. */
  readonly scenes: ReadonlySet<string>;
  /** Since when; null for a fallback. */
  readonly since: number | null;
  /** What the controller's own renderer draws, by page; null while that is not known. */
  readonly proofs: (scene: string) => readonly PageProof[] | null;
}

/** From the moment at which something is to stand a board has so long to light it and to say so. */
const SETTLE_MS = 5_000;

/** Whether a board draws what was approved: the scene by its name, and the page that it says by its pixels. */
export function renderedAs(
  { mode, scene, pixelsSha256 }: Pick<BoardReport, 'mode' | 'scene' | 'pixelsSha256'>,
  {
    scenes,
    since,
    proofs,
    fallbacks,
    heardAt,
  }: Expected & { readonly fallbacks: readonly string[]; readonly heardAt: number },
): Agreed {
  // What it said before there was anything else to show is no contradiction.
  if (since !== null && heardAt < since + SETTLE_MS) return 'unknown';
  // A fallback for its own troubles is what was chosen for them, and its mode says which it is.
  const fallback = mode !== 'playing' && mode !== 'emergency';
  if (scene === null || (fallback && fallbacks.includes(scene.sha256))) {
    if (scenes.size === 0) return fallback ? 'same' : 'unknown';
    return mode === 'idle' ? 'different' : 'unknown';
  }
  if (!scenes.has(scene.sha256)) return 'different';
  const proof = proofs(scene.sha256)?.[scene.page];
  if (proof === undefined || proof.sha256 === null || pixelsSha256 === undefined) return 'unknown';
  if (proof.sha256 === pixelsSha256) return 'same';
  return proof.exact ? 'different' : 'unknown';
}

/**
 * Whether a picture of a board is one of a page that should stand there.
 * @param turnedAt what was before it is no contradiction: an emergency that is over, the fallback of a board that was just
 *   switched on.
 */
export function seenAs(
  { at, pixelsSha256 }: { readonly at: number; readonly pixelsSha256: string | null },
  { scenes, since, proofs, turnedAt }: Expected & { readonly turnedAt: number },
): Agreed {
  // Of what was there before, and of fallbacks that tell the time, nothing is known.
  if (since === null || at < since || pixelsSha256 === null) return 'unknown';
  const pages = [...scenes].map((scene) => proofs(scene));
  if (pages.some((each) => each?.some(({ sha256 }) => sha256 === pixelsSha256))) return 'same';
  if (at < turnedAt) return 'unknown';
  const certain = pages.every((each) => each?.every(({ sha256, exact }) => sha256 !== null && exact));
  return certain ? 'different' : 'unknown';
}
