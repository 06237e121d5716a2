import type { bulletinRoutes } from '../http/contract/bulletins.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Bulletins } from './bulletins.ts';

/** The operations on the inbox. */
export function bulletinHandlers({
  bulletins,
}: {
  readonly bulletins: Bulletins;
}): Handlers<typeof bulletinRoutes> {
  return {
    'GET /bulletins': async ({ query }) => bulletins.rows.page(query),
    'GET /bulletins/{id}': async ({ params: { id } }) => bulletins.rows.view(bulletins.rows.get(id)),
    'POST /bulletins/{id}/accept': async ({ params: { id }, caller }) => bulletins.accept(id, caller),
    'POST /bulletins/{id}/schedule': async ({ params: { id }, body, caller }) =>
      bulletins.schedule(id, body, caller),
    'POST /bulletins/{id}/refuse': async ({ params: { id }, body: { reason }, caller }) =>
      bulletins.refuse(id, reason, caller),
  };
}
