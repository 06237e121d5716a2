import { z } from 'zod';

/** `#rrggbb`, opaque: text always stands on a ground of one colour, so that its pixels are the same on every machine. */
export const Colour = z.string().regex(/^#[0-9a-f]{6}$/);
export type Colour = z.infer<typeof Colour>;

export const Align = z.enum(['start', 'center', 'end']);
export type Align = z.infer<typeof Align>;

/** A stretch of letters of one look. */
export const Run = z.object({
  text: z.string().min(1).max(4_000),
  bold: z.literal(true).optional(),
  colour: Colour.optional(),
});
export type Run = z.infer<typeof Run>;

/** Rich, and bounded: bold, colour, bullets, three alignments. More would be read by nobody from across a road. */
export const Paragraph = z.object({
  runs: z.array(Run).max(64),
  align: Align.optional(),
  bullet: z.literal(true).optional(),
});
export type Paragraph = z.infer<typeof Paragraph>;
