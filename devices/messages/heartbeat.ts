import { z } from 'zod';
import { BOARD_MODES } from '../board/mode.ts';
import { EpochMs, Percent, ReasonCode, Revision, Sha256, Ulid } from '../primitives.ts';

/** How long ago a frame was really drawn last. A renderer that stopped is told from a picture that stands still by it alone. */
const DrawnAgo = z.number().int().min(0);

/** What a board says of its panel. */
export const BoardReport = z.object({
  /** Why it shows what it shows. */
  mode: z.enum(BOARD_MODES),
  /** The scene that stands, by its hash, and which of its pages as they are really shown; null in a fallback without one. */
  scene: z.object({ sha256: Sha256, page: z.number().int().min(0), of: z.number().int().min(1) }).nullable(),
  /** Of the pixels as they were rendered (RGBA rows); absent while they move. */
  pixelsSha256: Sha256.optional(),
  /** Of the pixels as they were read back from the panel, where it can. */
  seenSha256: Sha256.optional(),
  drawnAgoMs: DrawnAgo,
  /** Pixels that do not light, where the panel can tell. */
  deadPixels: z.number().int().min(0).optional(),
  /** Whether the panel itself has power. */
  powered: z.boolean(),
  lux: z.number().min(0).max(300_000).optional(),
});
export type BoardReport = z.infer<typeof BoardReport>;

/** A device's account of itself, every 30 s with jitter. What a model cannot measure it leaves out. */
export const Heartbeat = z.object({
  v: z.literal(1),
  session: Ulid,
  /** By the device's own clock. */
  at: EpochMs,
  /** Counts the accounts of one session; a short {@link Beat} refers to the last one. Absent: no short beats follow. */
  n: z.number().int().min(0).optional(),
  uptimeS: z.number().min(0),
  /** Offset of the device's wall clock from the controller's as last measured, and the bound of what is left. */
  clock: z.object({
    synced: z.boolean(),
    offsetMs: z.number(),
    errorMs: z.number().min(0),
    /** How much the device's crystal runs fast, as filtered from the exchanges. */
    driftPpm: z.number().min(-1_000).max(1_000).optional(),
  }),
  desiredRevision: Revision,
  /** The plan that governs the device now, and how many blobs of a newer one are still to be fetched. */
  plan: z.object({ revision: Revision, sha256: Sha256 }).nullable(),
  fetching: z.object({ blobs: z.number().int().min(0), bytes: z.number().min(0) }).optional(),
  /** Sirens and stored emergency messages that are here, of those that are desired; absent when none are. */
  stored: z.object({ held: z.number().int().min(0), of: z.number().int().min(0) }).optional(),
  playing: z
    .object({ occurrence: z.string().max(96), title: z.string().max(200), levelDbfs: z.number().optional() })
    .nullable(),
  volume: Percent.optional(),
  muted: z.boolean().optional(),
  brightness: Percent.optional(),
  board: BoardReport.optional(),
  /** In force now, as `volume` and `muted` are. */
  outputDelayMs: z.number().min(0).max(2_000).optional(),
  storage: z.object({ totalBytes: z.number().min(0), freeBytes: z.number().min(0) }).optional(),
  /** As-run records that the controller has not acknowledged yet. */
  outbox: z.number().int().min(0),
  temperatureC: z.number().min(-60).max(150).optional(),
  mainsV: z.number().min(0).max(500).optional(),
  signalDbm: z.number().min(-150).max(0).optional(),
  faults: z.array(ReasonCode).max(16),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/**
 * "As in my account number `same`, nothing worth telling has changed": what an idle device says between two whole
 * heartbeats, because a village pays for its bytes by the month. A whole one follows every {@link WHOLE_EVERY_MS}, and
 * whenever something changes.
 */
export const Beat = z.object({
  v: z.literal(1),
  same: z.number().int().min(0),
  /** Of a board, as in `BoardReport`: it alone may differ from what was said before, as may the page that stands. */
  drawnAgoMs: DrawnAgo.optional(),
});
export type Beat = z.infer<typeof Beat>;

export const WHOLE_EVERY_MS = 15 * 60_000;

/** The interval that every device keeps, before jitter. */
export const HEARTBEAT_INTERVAL_MS = 30_000;
