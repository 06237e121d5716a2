import { z } from 'zod';
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
});
export type Desired = z.infer<typeof Desired>;
