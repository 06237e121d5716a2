import { z } from 'zod';

/**
 * The few value types that every message is made of. Times on the wire are milliseconds since the Unix epoch,
 * UTC; they may carry a fraction, since a speaker's first sample is known to a fraction of a millisecond.
 */
export const EpochMs = z
  .number()
  .min(0)
  .max(8.64e15)
  .meta({ description: 'milliseconds since the Unix epoch, UTC' });

/** Lower-case hexadecimal SHA-256. The name of every stored file, and the proof that it is that file. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256, lower-case hexadecimal' });

/**
 * MQTT clientId = username = device id. No `/ + # $`, so that an id can never widen a topic;
 * at most 23 characters, the length that every MQTT 3.1.1 server must accept (§3.1.3.1).
 */
export const DeviceId = z.string().regex(/^[a-z][a-z0-9-]{2,22}$/);
export type DeviceId = z.infer<typeof DeviceId>;

/** Areas and groups address the same kind of topic: `loa/v1/group/{group}/command`. */
export const GroupId = z.string().regex(/^[a-z][a-z0-9-]{2,39}$/);
export type GroupId = z.infer<typeof GroupId>;

/** A ULID: sorts by time, which makes "an older session" a string comparison. */
export const Ulid = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/);

export const Revision = z.number().int().min(0);

/** Percent of the device's full volume or brightness. */
export const Percent = z.number().int().min(0).max(100);

/** Codes are for programs; the console turns them into the reader's words. */
export const ReasonCode = z.string().regex(/^[a-z][a-z0-9-]{1,47}$/);
