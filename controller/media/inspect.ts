import type { Probed } from './probe.ts';
import { Refusal } from './refusal.ts';

export interface MediaLimits {
  readonly longestSeconds: number;
  readonly shortestSeconds: number;
}

/** Slower than a real voice has ever been coded. */
const LEAST_BYTES_PER_SECOND = 400;

/**
 * Too long is too long; but 24 hours in 100 kB is no recording, and is called what it is.
 * @param seconds claimed, or decoded so far.
 * @throws Refusal `too-long` or `bomb`.
 */
export function refuseLong(seconds: number, bytes: number, { longestSeconds }: MediaLimits): void {
  if (seconds <= longestSeconds) return;
  if (bytes / seconds < LEAST_BYTES_PER_SECOND) throw new Refusal('bomb');
  throw new Refusal('too-long', { minutes: Math.round(longestSeconds / 60) });
}

/**
 * Compares what the file promises with what was decoded. MP3 without a length header, ADTS and the like promise nothing:
 * of such a file that was cut nobody can know it, and what is there is taken.
 * @param share of the file that is there, as its container's own sizes say.
 * @throws Refusal `truncated`.
 */
export function refuseTruncated(
  probed: Probed,
  heardSeconds: number,
  share: number,
  log: readonly string[],
): void {
  const { claimedSeconds } = probed;
  const foundSeconds = tenths(heardSeconds);
  if (share < 0.98) {
    throw new Refusal('truncated', {
      expectedSeconds: tenths(heardSeconds / Math.max(share, 0.001)),
      foundSeconds,
    });
  }
  if (share < 1 || breaksOff(probed, log)) throw new Refusal('truncated');
  if (claimedSeconds === null) return;
  if (heardSeconds < claimedSeconds - Math.max(0.5, claimedSeconds * 0.02)) {
    throw new Refusal('truncated', { expectedSeconds: tenths(claimedSeconds), foundSeconds });
  }
}

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Matroska and WebM that end inside a cluster; ffmpeg 4 and 5 have different words for it. */
const breaksOff = ({ container }: Probed, log: readonly string[]): boolean =>
  container.startsWith('matroska') && log.some((line) => /File ended prematurely|\] Read error/.test(line));
