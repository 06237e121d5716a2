import { z } from 'zod';
import { EpochMs, ReasonCode, Revision, Sha256 } from './primitives.ts';

/** Higher interrupts lower: emergency › live › priority › scheduled › background. */
export const PriorityClass = z.enum(['emergency', 'live', 'priority', 'scheduled', 'background']);
export type PriorityClass = z.infer<typeof PriorityClass>;

/** What becomes of an interrupted occurrence when the interruption is over. */
export const ResumePolicy = z.enum(['resume', 'restart', 'join', 'skip']);
export type ResumePolicy = z.infer<typeof ResumePolicy>;

/**
 * What a file is. A scene is a JSON document that the board's renderer draws, pictures and films are what scenes name;
 * `audio/opus` is no file but live sound (`live-frame.ts`), and its `sha256` only names the stream.
 */
export const MediaType = z.enum([
  'audio/ogg',
  'audio/mpeg',
  'application/vnd.loa.scene+json',
  'audio/opus',
  'image/png',
  'image/jpeg',
  'image/webp',
  'video/webm',
  'video/mp4',
]);
export type MediaType = z.infer<typeof MediaType>;

/** Opus packets as they are spoken (RFC 6716), over `WS /device/v1/live/{broadcast}`. */
export const LIVE_TYPE = 'audio/opus' satisfies MediaType;

/** One file of an occurrence, at its place in it. Repeats and gaps are written out: firmware needs no arithmetic. */
export const PlanPart = z.object({
  role: z.enum(['chime', 'programme']),
  programme: z.string().max(64).nullable(),
  title: z.string().max(200),
  sha256: Sha256,
  type: MediaType,
  /** From the start of the occurrence. */
  offsetMs: z.number().min(0),
  durationMs: z.number().min(1),
  /** Music, which is silent on a day of mourning (`guards.ts`). */
  music: z.literal(true).optional(),
});
export type PlanPart = z.infer<typeof PlanPart>;

export const PlanOccurrence = z.object({
  /** `{schedule}@{start in epoch ms}`: the same in every revision of the plan. */
  id: z.string().min(1).max(96),
  schedule: z.string().max(64),
  title: z.string().max(200),
  priority: PriorityClass,
  resume: ResumePolicy,
  startAt: EpochMs,
  endAt: EpochMs,
  /** The latest moment at which it may still begin. */
  notAfter: EpochMs,
  gainDb: z.number().min(-40).max(12),
  parts: z.array(PlanPart).min(1).max(500),
  /** On a board: the parts go round with this period until `endAt`; a part's `offsetMs` is within it. */
  loopMs: z.number().min(1_000).optional(),
});
export type PlanOccurrence = z.infer<typeof PlanOccurrence>;

/** What was planned and is not to be heard, and why: nobody plays it, the log explains it. */
export const WithheldOccurrence = PlanOccurrence.extend({ reason: ReasonCode });
export type WithheldOccurrence = z.infer<typeof WithheldOccurrence>;

export const PlanBlob = z.object({
  sha256: Sha256,
  bytes: z.number().int().min(1),
  type: MediaType,
  /** Of a picture or a film: only boards of one of these sizes, in pixels, need it; absent: every board does. */
  panels: z
    .array(z.object({ width: z.number().int().min(1), height: z.number().int().min(1) }))
    .max(16)
    .optional(),
});
export type PlanBlob = z.infer<typeof PlanBlob>;

/**
 * What a class of devices will play in the horizon: UTC instants, no rules, so that firmware stays simple and
 * there is one truth. It is signed, named by the SHA-256 of its signed form, and holds nothing about a single
 * device, so that a hundred devices with the same duties share one.
 */
export const Plan = z.object({
  v: z.literal(1),
  validFrom: EpochMs,
  validUntil: EpochMs,
  occurrences: z.array(PlanOccurrence).max(20_000),
  /** For whoever reads the plan; a device may pass over it. Its files are not in `blobs`. */
  withheld: z.array(WithheldOccurrence).max(20_000).optional(),
  blobs: z.array(PlanBlob).max(5_000),
});
export type Plan = z.infer<typeof Plan>;

/** How a desired document points at a plan. `url` is a path on the controller's HTTP root: `/device/v1/plans/{sha256}`. */
export const PlanPointer = z.object({
  revision: Revision,
  sha256: Sha256,
  bytes: z.number().int().min(1),
  url: z.string().max(300),
});
export type PlanPointer = z.infer<typeof PlanPointer>;
