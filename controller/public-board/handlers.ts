import type { Store } from '../database/open.ts';
import type { publicBoardRoutes } from '../http/contract/public-board.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Counter } from './counter.ts';

const MOST_ITEMS = 200;
const SUMS = `sum(CASE what WHEN 'view' THEN count ELSE 0 END) AS views, sum(CASE what WHEN 'share' THEN count ELSE 0 END) AS shares`;

/** The figures of the public board, for the reports. @param deps.counter what it has not written yet is counted too. */
export function publicBoardHandlers({
  store,
  counter,
}: {
  readonly store: Store;
  readonly counter: Pick<Counter, 'write'>;
}): Handlers<typeof publicBoardRoutes> {
  return {
    'GET /public-board/figures': async ({ query: { from = '0000-01-01', to = '9999-12-31' } }) => {
      counter.write();
      const { sqlite } = store;
      const days = sqlite
        .prepare<[string, string], { day: string; views: number; shares: number }>(
          `SELECT day, ${SUMS} FROM public_board_day WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day`,
        )
        .all(from, to);
      const items = sqlite
        .prepare<[string, string], { id: string | null; title: string; views: number; shares: number }>(
          `SELECT nullif(d.item, '') AS id, ifnull(i.title, '') AS title, ${SUMS}
            FROM public_board_day d LEFT JOIN public_board_item i ON i.id = d.item
            WHERE day BETWEEN ? AND ? GROUP BY d.item ORDER BY views DESC, shares DESC, d.item LIMIT ${MOST_ITEMS}`,
        )
        .all(from, to);
      const total = (of: 'views' | 'shares'): number => days.reduce((sum, one) => sum + one[of], 0);
      return { views: total('views'), shares: total('shares'), days, items };
    },
  };
}
