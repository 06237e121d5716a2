import { z } from 'zod';
import { EpochMs } from '../primitives.ts';
import { SceneItem } from './item.ts';
import { Colour } from './text.ts';

/** In the units of the scene's grid. */
export const Rectangle = z.object({
  x: z.number().int().min(0).max(10_000),
  y: z.number().int().min(0).max(10_000),
  width: z.number().int().min(1).max(10_000),
  height: z.number().int().min(1).max(10_000),
});
export type Rectangle = z.infer<typeof Rectangle>;

/** A place on the page and what stands in it. A later zone covers an earlier one; each has a ground of its own. */
export const zoneOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    /** Left out: the whole board. */
    rectangle: Rectangle.optional(),
    ground: Colour.optional(),
    item,
  });

/** @param item what may stand in a zone: the board's items, or those of a composition. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    /** How long it stands; left out: as long as it takes to read. An item that needs several pages takes so long for each. */
    dwellMs: z.number().int().min(1_000).max(86_400_000).optional(),
    /** Not before and not from this moment on, epoch ms: the page is passed over, and at `until` it goes within the second. */
    from: EpochMs.optional(),
    until: EpochMs.optional(),
    ground: Colour.optional(),
    zones: z.array(zoneOf(item)).min(1).max(12),
  });

export const Zone = zoneOf(SceneItem);
export type Zone = z.infer<typeof Zone>;
export const ScenePage = pageOf(SceneItem);
export type ScenePage = z.infer<typeof ScenePage>;
