import { ulid } from 'ulid';
import type { Broadcast, BroadcastPart } from '#devices/broadcast';
import { sha256 } from './fake-controller.ts';

/** One item of a broadcast, in the one form that a test gives it. */
export const broadcastPart = (
  bytes: Buffer,
  durationMs: number,
  more: Partial<BroadcastPart> = {},
): BroadcastPart => ({
  role: 'programme',
  programme: 'p1',
  title: 'Thông báo khẩn',
  offsetMs: 0,
  durationMs,
  renditions: [{ sha256: sha256(bytes), bytes: bytes.length, type: 'audio/mpeg' }],
  ...more,
});

/** A broadcast of the given parts, which may be joined for a minute. */
export const broadcastOf = (parts: BroadcastPart[], more: Partial<Broadcast> = {}): Broadcast => ({
  id: ulid(),
  title: 'Thông báo khẩn',
  priority: 'priority',
  resume: 'skip',
  gainDb: 0,
  parts,
  notAfter: Date.now() + 60_000,
  ...more,
});
