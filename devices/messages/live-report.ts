import { z } from 'zod';

/**
 * How live sound arrives, said by the device over the same WebSocket as JSON text every two seconds, so that the
 * controller can send earlier where frames come late.
 */
export const LiveReport = z.object({
  v: z.literal(1),
  /** The least time between a frame's arrival and the moment it had to be handed over, since the last report, ms. */
  marginMs: z.number().min(-60_000).max(60_000),
  /** Frames since the last report: heard, come too late to be heard, and never come. */
  heard: z.number().int().min(0),
  late: z.number().int().min(0),
  missing: z.number().int().min(0),
});
export type LiveReport = z.infer<typeof LiveReport>;
export const LIVE_REPORT_EVERY_MS = 2_000;
