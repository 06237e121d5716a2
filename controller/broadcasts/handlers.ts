import type { Store } from '../database/open.ts';
import type { broadcastRoutes } from '../http/contract/broadcasts.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Broadcasts } from './broadcasts.ts';
import { reachOf, targetsOf } from './reach.ts';
import { broadcastDetail, listBroadcasts } from './views.ts';

export interface BroadcastHandlersDeps {
  readonly store: Store;
  readonly broadcasts: Broadcasts;
}

/** Broadcasts that people start, follow and stop. */
export function broadcastHandlers({
  store,
  broadcasts,
}: BroadcastHandlersDeps): Handlers<typeof broadcastRoutes> {
  return {
    'GET /broadcasts': async ({ query: { limit, cursor, ...filter } }) =>
      listBroadcasts(store, filter, { limit, cursor }),
    'GET /reach': async ({ query: { targets } }) => reachOf(store, targetsOf(targets)),
    'GET /broadcasts/{id}': async ({ params: { id } }) => broadcastDetail(store, id),
    'POST /broadcasts': async ({ body, caller }) => broadcasts.play({ ...body, by: caller.name }),
    'POST /broadcasts/{id}/stop': async ({ params: { id }, caller }) => broadcasts.halt(id, caller.name),
    'POST /broadcasts/{id}/volume': async ({ params: { id }, body: { volume }, caller }) =>
      broadcasts.setVolume(id, volume, caller.name),
    'POST /stop-all': async ({ body: { targets }, caller }) => ({
      devices: await broadcasts.stopAll(targets, caller.name),
    }),
    'DELETE /broadcasts/{id}': async ({ params: { id }, caller }) => {
      await broadcasts.callOff(id, caller.name);
      return {};
    },
  };
}
