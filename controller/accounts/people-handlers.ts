import type { peopleRoutes } from '../http/contract/people.ts';
import type { Handlers } from '../http/handlers.ts';
import type { People } from './people.ts';

/** Accounts, as administrators manage them. */
export function peopleHandlers(people: People): Handlers<typeof peopleRoutes> {
  return {
    'GET /people': async () => people.list(),
    'POST /people': async ({ body, caller }) => people.add(body, caller),
    'PATCH /people/{id}': async ({ params: { id }, body, caller }) => people.change(id, body, caller),
    'POST /people/{id}/password': async ({ params: { id }, caller }) => ({
      password: await people.renewPassword(id, caller),
    }),
  };
}
