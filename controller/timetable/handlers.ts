import type { scheduleRoutes } from '../http/contract/schedules.ts';
import type { Handlers } from '../http/handlers.ts';
import { viewOccurrences } from './occurrence-view.ts';
import { Schedules, type SchedulesDeps } from './schedules.ts';

/** The operations on schedules and occurrences. */
export function scheduleHandlers(deps: SchedulesDeps): Handlers<typeof scheduleRoutes> {
  const schedules = new Schedules(deps);
  return {
    'GET /schedules': async ({ query }) => schedules.list(query.search),
    'POST /schedules': async ({ body: { acceptOverlaps, ...body }, caller }) =>
      schedules.create(body, acceptOverlaps, caller.id),
    'POST /schedules/preview': async ({ body: { id, ...body } }) => schedules.preview(body, id),
    'GET /schedules/{id}': async ({ params }) => schedules.get(params.id),
    'PATCH /schedules/{id}': async ({ params, body: { acceptOverlaps, ...change } }) =>
      schedules.change(params.id, change, acceptOverlaps),
    'DELETE /schedules/{id}': async ({ params }) => {
      schedules.remove(params.id);
      return {};
    },
    'POST /schedules/{id}/restore': async ({ params }) => schedules.restore(params.id),
    'GET /occurrences': async ({ query }) =>
      viewOccurrences(deps.store, query, deps.clock.now(), deps.guards),
  };
}
