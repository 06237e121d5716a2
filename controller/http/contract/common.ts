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

type WithoutDefault<T> = T extends z.ZodDefault<infer Inner> ? Inner : T;

/**
 * The body of a PATCH: every field may be left out, and what is left out stays as it is. (zod's own `partial()` would
 * fill in the defaults of the full body, and so reset what nobody mentioned.)
 */
export function changeOf<S extends z.ZodRawShape>(
  body: z.ZodObject<S>,
): z.ZodObject<{ [K in keyof S]: z.ZodOptional<WithoutDefault<S[K]>> }> {
  const fields = Object.entries(body.shape).map(([name, field]) => [
    name,
    z.optional(field instanceof z.ZodDefault ? field.unwrap() : field),
  ]);
  return z.object(Object.fromEntries(fields)) as ReturnType<typeof changeOf<S>>;
}
