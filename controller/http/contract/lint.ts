import { z } from 'zod';
import { LintFinding } from '#devices/lint/finding';
import { PriorityClass } from '#devices/plan';
import { Id, Time } from './common.ts';

export { LintFinding };

/** What would keep a scene from being read on the boards of one size. */
export const PanelFindings = z.object({
  width: z.number().int(),
  height: z.number().int(),
  boards: z.array(z.object({ id: Id, name: z.string() })).max(20),
  findings: z.array(LintFinding),
});
export type PanelFindings = z.infer<typeof PanelFindings>;

/** What stands on boards that something else is to be shown on. */
export const Standing = z.object({
  title: z.string(),
  priority: PriorityClass,
  /** The publication, which `replace` would end; null: it is of a schedule or an emergency, and stays. */
  broadcastId: Id.nullable(),
  until: Time.nullable(),
  boards: z.array(z.object({ id: Id, name: z.string() })).max(20),
  /** Of how many boards it is; not all of them are named. */
  boardCount: z.number().int(),
});
export type Standing = z.infer<typeof Standing>;
