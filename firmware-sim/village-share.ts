import { createHash } from 'node:crypto';

/** A number in [0, 1) that is this device's own, so that a village does not do the same work in the same instant. */
export const shareOf = (device: string): number =>
  createHash('sha256').update(device).digest().readUInt16BE(0) / 65_536;
