import { z } from 'zod';
import { BoardSettings } from './board/settings.ts';
import { Guards } from './guards.ts';
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
  /** Whether it plays live sound (Opus over WebSocket); absent: it does not. */
  live: z.boolean().optional(),
  /** Of a board: a matrix of LEDs, or a screen that a browser fills. */
  display: z.enum(['led', 'lcd']).optional(),
  /** Whether it measures the light around it. */
  lightSensor: z.boolean().optional(),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** From this minute of the UTC day on the volume is this, until the next step; the last step holds over midnight. */
export const VolumeStep = z.object({
  minute: z.number().int().min(0).max(1_439).meta({ description: 'minute of the day, UTC' }),
  volume: Percent,
});
export type VolumeStep = z.infer<typeof VolumeStep>;

/** Where a model differs from what its neighbours do; measured once, set for every device of the model. */
export const Quirks = z.object({
  /** An amplifier that sleeps swallows the beginning: it is fed silence for so long before the first sample. */
  wakeMs: z.number().int().min(0).max(5_000).optional(),
  /** A horn that is louder or softer than the others at the same volume. */
  gainDb: z.number().min(-20).max(6).optional(),
});
export type Quirks = z.infer<typeof Quirks>;

/** What a technician sets; carried to the device in its desired document. */
export const Settings = z.object({
  volume: Percent,
  muted: z.boolean(),
  brightness: Percent,
  /** The model's delay and the device's own trim together: what is handed over so much earlier is heard on time. */
  outputDelayMs: z.number().min(0).max(2000),
  /** Ascending by minute, each minute once; absent or empty: `volume` all day. */
  volumeSteps: z.array(VolumeStep).max(24).optional(),
  quirks: Quirks.optional(),
  guards: Guards.optional(),
  /** Of a board; absent: as it left the factory (`FACTORY_BOARD`). */
  board: BoardSettings.optional(),
});
export type Settings = z.infer<typeof Settings>;
