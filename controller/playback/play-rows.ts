import { z } from 'zod';
import { dueMsOf } from '#devices/board/loop';
import type { PlanOccurrence } from '#devices/plan';

/** `play.parts`: what the device was to play, by the index of the part in the plan's occurrence. */
export const PlayParts = z.array(
  z.object({
    index: z.number(),
    title: z.string(),
    sha256: z.string(),
    durationMs: z.number(),
    offsetMs: z.number().optional(),
  }),
);
export type PlayParts = z.infer<typeof PlayParts>;

/** Stands in `play.plan_sha256` of what no plan told: the order is the broadcast itself, in its own table. */
export const BY_BROADCAST = 'broadcast';

/** The columns of a play that its occurrence in the plan gives. */
export function playColumns(occurrence: PlanOccurrence): {
  occurrence: string;
  schedule: string;
  title: string;
  priority: string;
  startAt: number;
  endAt: number;
  notAfter: number;
  parts: string;
  dueMs: number;
} {
  const { id, schedule, title, priority, startAt, endAt, notAfter, parts } = occurrence;
  const due: PlayParts = parts.map((part, index) => ({
    index,
    title: part.title,
    sha256: part.sha256,
    durationMs: dueMsOf(occurrence, part),
    offsetMs: part.offsetMs,
  }));
  return {
    occurrence: id,
    schedule,
    title,
    priority,
    startAt: Math.round(startAt),
    endAt: Math.round(endAt),
    notAfter: Math.round(notAfter),
    parts: JSON.stringify(due),
    dueMs: due.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
}
