import { z } from 'zod';
import type { Route } from './route.ts';

/** How often the public web board was looked at and shared: counts, and nothing about anybody. */
export const PublicBoardFigures = z.object({
  views: z.number().int(),
  shares: z.number().int(),
  /** Every day on which there was something, the earliest first. */
  days: z.array(z.object({ day: z.iso.date(), views: z.number().int(), shares: z.number().int() })),
  /** By what was looked at, the most first; `id` null for the page of all. */
  items: z
    .array(
      z.object({
        id: z.string().nullable(),
        title: z.string(),
        views: z.number().int(),
        shares: z.number().int(),
      }),
    )
    .max(200),
});
export type PublicBoardFigures = z.infer<typeof PublicBoardFigures>;

const day = z.iso.date().meta({ description: 'A day of the site' });
export const publicBoardRoutes = {
  'GET /public-board/figures': {
    summary: 'How often the public web board was looked at and shared, by the day and by what was looked at',
    allow: [],
    query: z.object({ from: day.optional(), to: day.optional() }),
    response: PublicBoardFigures,
  },
} as const satisfies Record<string, Route>;
