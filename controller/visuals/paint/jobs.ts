import { z } from 'zod';

const side = z.number().int().min(1).max(30_000);
const Size = z.object({ width: side, height: side });

/** Names of files are the controller's own. */
export const PaintJob = z.discriminatedUnion('type', [
  /** Reads whatever was sent, and writes the picture that the library keeps, and a small one. */
  z.object({
    type: z.literal('take'),
    source: z.string(),
    format: z.enum(['jpeg', 'png', 'webp', 'gif', 'avif']),
    master: z.string(),
    thumbnail: z.string(),
  }),
  /** A small picture of a frame of a film. */
  z.object({ type: z.literal('thumbnail'), source: z.string(), target: z.string() }),
  /** The library's picture for a zone. */
  z.object({
    type: z.literal('fit'),
    source: z.string(),
    zone: Size,
    fit: z.enum(['contain', 'cover']),
    target: z.string(),
  }),
  /** A page of a scene, for the web. */
  z.object({
    type: z.literal('scene'),
    scene: z.string(),
    size: Size,
    /** Of the pages that are valid at `now` (epoch ms), from 1. */
    page: z.number().int().min(1),
    now: z.number(),
    /** Where the pictures are that it names, by SHA-256; for a film a picture of it. */
    files: z.record(z.string(), z.string()),
    stills: z.record(z.string(), z.string()),
    target: z.string(),
  }),
]);
export type PaintJob = z.infer<typeof PaintJob>;

/** What was drawn: the size of the (first) file that was written, and what it is. */
export const Painted = z.object({
  width: side,
  height: side,
  type: z.enum(['image/png', 'image/jpeg', 'image/webp']),
  /** Of a scene: how many there are. */
  pages: z.number().int().min(0).optional(),
});
export type Painted = z.infer<typeof Painted>;

export const PaintAnswer = z.object({
  id: z.number(),
  painted: Painted.nullable(),
  /** Why nothing was drawn: a code of `VisualRefusal`, or `failed`. */
  refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type PaintAnswer = z.infer<typeof PaintAnswer>;
