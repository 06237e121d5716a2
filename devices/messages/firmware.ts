import { z } from 'zod';
import { Sha256 } from '../primitives.ts';

/** `1.12.3`: numbers are compared as numbers, from the left; a missing one is 0. */
export const FirmwareVersion = z.string().regex(/^\d{1,5}(\.\d{1,5}){0,3}$/);
export type FirmwareVersion = z.infer<typeof FirmwareVersion>;

/**
 * The firmware that a device is to run. Signed and retained on a topic of its own, fetched from an address of its
 * own, and never named by a plan: content can no more become firmware than firmware can be played.
 */
export const FirmwareOffer = z.object({
  v: z.literal(1),
  /** The model that the image is for; another model refuses it. */
  model: z.string().min(1).max(64),
  version: FirmwareVersion,
  sha256: Sha256,
  bytes: z.number().int().min(1),
  /** A path on the controller's HTTP root: `/device/v1/firmware/{sha256}`. */
  url: z.string().max(300),
});
export type FirmwareOffer = z.infer<typeof FirmwareOffer>;

/** Negative when `one` is older than `other`, 0 when they are the same, positive when it is newer. */
export function compareVersions(one: FirmwareVersion, other: FirmwareVersion): number {
  const [left, right] = [one, other].map((version) => version.split('.').map(Number));
  for (let place = 0; place < 4; place += 1) {
    const difference = (left?.[place] ?? 0) - (right?.[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
