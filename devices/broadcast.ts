import { z } from 'zod';
import {
  LIVE_TYPE,
  MediaType,
  PlanBlob,
  type PlanOccurrence,
  type PlanPart,
  PriorityClass,
  ResumePolicy,
} from './plan.ts';
import { EpochMs, Percent, Sha256, Ulid } from './primitives.ts';

/** One file in the form that a class of devices takes; live sound has no bytes beforehand (0). */
export const Rendition = z.object({
  sha256: Sha256,
  bytes: z.number().int().min(0),
  type: MediaType,
  /** A short scene itself, so that nothing is to be fetched; counts only if its UTF-8 bytes have that SHA-256. */
  inline: z.string().max(8_192).optional(),
});
export type Rendition = z.infer<typeof Rendition>;

/** One item of a broadcast at its place in it, in every form that there is: one command serves every device of a group. */
export const BroadcastPart = z.object({
  role: z.enum(['chime', 'programme']),
  programme: z.string().max(64).nullable(),
  title: z.string().max(200),
  offsetMs: z.number().min(0),
  /** Of live sound: the longest that it may last; it ends with its last frame, with `stop`, or when no more frames come. */
  durationMs: z.number().min(1),
  renditions: z.array(Rendition).min(1).max(3),
  /** Pictures and films that the scene among the renditions names. */
  files: z.array(PlanBlob).max(64).optional(),
  music: z.literal(true).optional(),
});
export type BroadcastPart = z.infer<typeof BroadcastPart>;

/** What is to go on the air at a moment that is not in the plan: "play now", an emergency. */
export const Broadcast = z.object({
  id: Ulid,
  title: z.string().max(200),
  priority: PriorityClass,
  resume: ResumePolicy,
  gainDb: z.number().min(-40).max(12),
  /** Instead of the device's own volume, for this broadcast only. */
  volume: Percent.optional(),
  parts: z.array(BroadcastPart).min(1).max(24),
  /** The latest moment at which a device may still join, epoch ms. */
  notAfter: EpochMs,
});
export type Broadcast = z.infer<typeof Broadcast>;

/** A broadcast's occurrence is named by the broadcast and its start, like a schedule's by the schedule and its start. */
export const broadcastOccurrenceId = (broadcast: string, t0: number): string => `${broadcast}@${t0}`;

/**
 * The files that a device of these media types needs, each once; the first rendition that it takes counts. Live sound
 * is no file.
 */
export function renditionsFor({ parts }: Broadcast, types: ReadonlySet<MediaType>): Rendition[] {
  const chosen = parts.flatMap(({ renditions }) => renditions.find(({ type }) => types.has(type)) ?? []);
  const files = chosen.filter(({ type }) => type !== LIVE_TYPE);
  return [...new Map(files.map((rendition) => [rendition.sha256, rendition])).values()];
}

/**
 * The broadcast as a device of these media types plays it when it starts at `t0`, epoch ms: an occurrence like one of
 * the plan, so that the same rule decides and the same proof is given. Null when no part is for such a device.
 */
export function occurrenceOf(
  broadcast: Broadcast,
  t0: number,
  types: ReadonlySet<MediaType>,
): PlanOccurrence | null {
  const parts = broadcast.parts.flatMap(({ renditions, ...part }): PlanPart[] => {
    const rendition = renditions.find(({ type }) => types.has(type));
    return rendition === undefined ? [] : [{ ...part, sha256: rendition.sha256, type: rendition.type }];
  });
  if (parts.length === 0) return null;
  const { id, title, priority, resume, gainDb, notAfter } = broadcast;
  const lengthMs = Math.max(...parts.map(({ offsetMs, durationMs }) => offsetMs + durationMs));
  return {
    id: broadcastOccurrenceId(id, t0),
    schedule: id,
    title,
    priority,
    resume,
    startAt: t0,
    endAt: t0 + lengthMs,
    notAfter,
    gainDb,
    parts,
  };
}
