import { z } from 'zod';

const params = z.record(z.string(), z.union([z.string(), z.number()]));

/**
 * Something that would keep a board from being read. `code` and `params` make the sentence, `fix` names what would put
 * it right: see `codes.ts` for both.
 */
export const LintFinding = z.object({
  code: z.string(),
  /** An error keeps a scene from being shown; a warning is for whoever publishes to weigh. */
  severity: z.enum(['error', 'warning']),
  params,
  /** Index of the scene's page and of its zone; null where it is of the whole. */
  page: z.number().int().nullable(),
  zone: z.number().int().nullable(),
  fix: z.object({ code: z.string(), params }).nullable(),
});
export type LintFinding = z.infer<typeof LintFinding>;
export type Fix = NonNullable<LintFinding['fix']>;
