import { z } from 'zod';

/**
 * What a board shows, independent of the board's size: the renderer lays it out on the real pixels. Stored as
 * canonical JSON and named by its SHA-256 like any other media, so that a plan can say exactly which scene was
 * approved. One page kind so far; zones, images and tickers are further members of `SceneItem`.
 */
export const SceneItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('notice'),
    heading: z.string().max(200).optional(),
    text: z.string().min(1).max(4_000),
  }),
]);
export type SceneItem = z.infer<typeof SceneItem>;

export const Scene = z.object({
  v: z.literal(1),
  language: z.string().max(35),
  items: z.array(SceneItem).min(1).max(32),
});
export type Scene = z.infer<typeof Scene>;

export const SCENE_TYPE = 'application/vnd.loa.scene+json';
