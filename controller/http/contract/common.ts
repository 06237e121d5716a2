import { z } from 'zod';

/** Milliseconds since the epoch, UTC, in every answer and question of the interface. */
export const Time = z.number().meta({ description: 'milliseconds since the Unix epoch, UTC' });
export const Id = z.string().min(1).max(96);
export const Title = z.string().trim().min(1).max(200);
export const ById = z.object({ id: Id });
/** Numbers in a query string arrive as text. */
export const TimeQuery = z.coerce.number().int().min(0);
export const Nothing = z.object({});
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.number().int(), next: z.string().nullable() });
