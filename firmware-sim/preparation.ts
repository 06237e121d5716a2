import type { DeviceKind, Settings } from '#devices/kind';

/** A decoder that is opened in the middle of a file needs this long to be ready. */
export const PREPARE_MS = 800;

/** What joins in the middle needs so long to be ready, ms: a decoder to open, an amplifier to wake; a picture is drawn at once. */
export const prepareMsOf = (kind: DeviceKind, { quirks }: Settings): number =>
  kind === 'board' ? 0 : Math.max(PREPARE_MS, (quirks?.wakeMs ?? 0) + 300);
