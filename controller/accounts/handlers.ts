import type { z } from 'zod';
import type { Config } from '../config/settings.ts';
import { Failure } from '../failure.ts';
import type { overviewRoutes, Session } from '../http/contract/overview.ts';
import type { Handlers } from '../http/handlers.ts';
import { VERSION } from '../version.ts';
import type { Authentication } from './authentication.ts';
import { type Account, accountOf, changePassword } from './session.ts';

type SessionRoutes = Pick<typeof overviewRoutes, 'GET /session' | 'POST /session/password'>;

/** Who is signed in, and the change of one's own password. */
export function sessionHandlers(deps: {
  authentication: Authentication;
  config: Config;
}): Handlers<SessionRoutes> {
  const { authentication, config } = deps;
  const view = ({ id, name, username, role, mustChangePassword }: Account): z.infer<typeof Session> => ({
    user: { id, name, username, role, mustChangePassword },
    site: { name: config.LOA_SITE_NAME, zone: config.LOA_TIMEZONE, version: VERSION },
  });
  return {
    'GET /session': async ({ request }) => view(await signedIn(authentication, request.headers)),
    'POST /session/password': async ({ request, response, body }) => {
      const before = await signedIn(authentication, request.headers);
      const { account, cookies } = await changePassword(authentication, request.headers, before, body);
      response.append('Set-Cookie', cookies);
      return view(account);
    },
  };
}

async function signedIn(
  authentication: Authentication,
  headers: Parameters<typeof accountOf>[1],
): Promise<Account> {
  const account = await accountOf(authentication, headers);
  if (account === null) throw new Failure('not-signed-in', 'Sign in first.', { status: 401 });
  return account;
}
