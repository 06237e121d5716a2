import type { liveRoutes } from '../http/contract/live.ts';
import type { Handlers } from '../http/handlers.ts';
import type { LiveSessions } from './sessions.ts';

/** The operations on live sessions. What is said comes by WebSocket, see `microphone-door.ts`. */
export function liveHandlers(sessions: LiveSessions): Handlers<typeof liveRoutes> {
  return {
    'GET /live': async () => sessions.list(),
    'GET /live/{id}': async ({ params: { id } }) => sessions.view(id),
    'POST /live': async ({ body, caller }) => sessions.open({ ...body, by: caller.name }),
    'POST /live/{id}/end': async ({ params: { id } }) => sessions.end(id),
  };
}
