import { z } from 'zod';
import { PriorityClass } from './plan.ts';
import { EpochMs, Percent, ReasonCode, Sha256 } from './primitives.ts';

/** Why a part stopped sounding or showing. `missed` is a part that never began; its `reason` says why. */
export const EndReason = z.enum(['completed', 'preempted', 'stopped', 'expired', 'fault', 'power', 'missed']);
export type EndReason = z.infer<typeof EndReason>;

/** One page of a scene over the stretch of its record: how often and how long it stood, and what was lit. */
export const PageShown = z.object({
  /** Counts what was really shown: an item that needs three pages counts three. */
  index: z.number().int().min(0),
  of: z.number().int().min(1),
  firstAt: EpochMs,
  lastAt: EpochMs,
  times: z.number().int().min(1),
  shownMs: z.number().min(0),
  /** Of its rendered pixels (RGBA rows) when it stood first; of what moves, the first frame. */
  pixelsSha256: Sha256,
  moving: z.literal(true).optional(),
});
export type PageShown = z.infer<typeof PageShown>;

/**
 * The device's own evidence of one uninterrupted stretch of one part of an occurrence.
 * `{device, boot, seq}` is unique for ever. It copies what it is about, so that deleting the programme later
 * erases nothing.
 */
export const AsRunRecord = z.object({
  seq: z.number().int().min(1),
  occurrence: z.string().min(1).max(96),
  schedule: z.string().max(64),
  part: z.object({ index: z.number().int().min(0), of: z.number().int().min(1) }),
  priority: PriorityClass,
  title: z.string().max(200),
  sha256: Sha256,
  /** When the part was due to begin. */
  dueAt: EpochMs,
  /** When its first sample left the output, or its first frame was lit; null when it never began. */
  startedAt: EpochMs.nullable(),
  endedAt: EpochMs,
  /** Bound of the clock's error at the start; an unsynchronised clock says so. */
  clockErrorMs: z.number().min(0),
  clockSynced: z.boolean(),
  /**
   * Position in the part at which the stretch began, so that a part that was restarted after an interruption is
   * not counted twice. Absent: not told, as of a part that goes round: it has no position.
   */
  fromMs: z.number().min(0).optional(),
  /** Milliseconds of the part that came out, of the milliseconds that were due. */
  playedMs: z.number().min(0),
  dueMs: z.number().min(0),
  end: EndReason,
  reason: ReasonCode.optional(),
  volume: Percent.optional(),
  muted: z.boolean().optional(),
  brightness: Percent.optional(),
  /** RMS of the decoded signal over the stretch, before the volume, in dB of full scale. */
  levelDbfs: z.number().max(20).optional(),
  /** What the device's own microphone heard meanwhile, in dB of its full scale, where it has one. */
  heardDbfs: z.number().max(20).optional(),
  /** For a board: hash of the rendered pixels (RGBA rows), and the evidence uploaded for it. */
  pixelsSha256: Sha256.optional(),
  evidence: z.string().max(64).optional(),
  /** Of a part that goes round (`PlanOccurrence.loopMs`): how often it stood in this stretch. */
  rounds: z.number().int().min(1).optional(),
  /** For a board: every page that stood, in the order in which it stood first. */
  pages: z.array(PageShown).max(200).optional(),
});
export type AsRunRecord = z.infer<typeof AsRunRecord>;
