/** Devices are spread over this many partitions, so that several controllers can share a fleet on any broker. */
export const PARTITIONS = 64;

/**
 * The partition of a device: 32-bit FNV-1a over the id's ASCII bytes, modulo 64.
 * FNV-1a because a microcontroller computes it in four lines (draft-eastlake-fnv).
 */
export function partitionOf(device: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < device.length; index += 1) {
    hash ^= device.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % PARTITIONS;
}
