import { z } from 'zod';
import { PriorityClass } from '#devices/plan';
import { Id, Time } from './common.ts';

/** See `devices/lint`: `code` and `params` make the sentence, `fix` names what would put it right. */
export const LintFinding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  page: z.number().int().nullable(),
  zone: z.number().int().nullable(),
  fix: z
    .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
});
export type LintFinding = z.infer<typeof LintFinding>;

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
