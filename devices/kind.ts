import { z } from 'zod';
import { Percent } from './primitives.ts';

export const DeviceKind = z.enum(['speaker', 'board']);
export type DeviceKind = z.infer<typeof DeviceKind>;

/** What a speaker can decode. Old amplifiers know only MP3 (ISO/IEC 11172-3); the others take Opus (RFC 6716) in Ogg. */
export const Codec = z.enum(['opus', 'mp3']);
export type Codec = z.infer<typeof Codec>;

/** A board's matrix in real pixels, and the distance between two of them in millimetres. */
export const Panel = z.object({
  width: z.number().int().min(16).max(7680),
  height: z.number().int().min(16).max(4320),
  pitchMm: z.number().min(0.05).max(50),
});
export type Panel = z.infer<typeof Panel>;

/** What a device says it can do, in its `birth` and when it asks to be paired. */
export const Capabilities = z.object({
  codecs: z.array(Codec).max(2).default([]),
  panel: Panel.optional(),
  /** The share of the disk that the device gives to its cache. */
  cacheBytes: z.number().int().min(0).optional(),
  /** Time from handing a sample to the driver to hearing it, as the maker measured it. */
  outputDelayMs: z.number().min(0).max(2000).default(0),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** What a technician sets; carried to the device in its desired document. */
export const Settings = z.object({
  volume: Percent,
  muted: z.boolean(),
  brightness: Percent,
  outputDelayMs: z.number().min(0).max(2000),
});
export type Settings = z.infer<typeof Settings>;
