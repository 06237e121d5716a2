import { z } from 'zod';
import { Rendition } from '../broadcast.ts';
import { Settings } from '../kind.ts';
import { PlanPointer } from '../plan.ts';
import { GroupId, Revision } from '../primitives.ts';

/** What must hold on a device after any outage: its settings, its groups, its plan. Signed, retained, versioned. */
export const Desired = z.object({
  v: z.literal(1),
  revision: Revision,
  settings: Settings,
  groups: z.array(GroupId).max(64),
  plan: PlanPointer.nullable(),
  /**
   * Sirens and stored emergency messages in the forms that this device takes: fetched before anything else, never
   * evicted, so that an emergency sounds without a download.
   */
  stored: z.array(Rendition).max(48).optional(),
});
export type Desired = z.infer<typeof Desired>;
