import type { IncomingHttpHeaders } from 'node:http';
import { APIError } from 'better-auth/api';
import { fromNodeHeaders } from 'better-auth/node';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { ROLES } from '../http/contract/route.ts';
import type { Authentication } from './authentication.ts';

const Account = z.object({
  id: z.string(),
  name: z.string(),
  username: z.string(),
  role: z.enum(ROLES),
  mustChangePassword: z.boolean(),
});
export type Account = z.infer<typeof Account>;

/** Who a request comes from by its session cookie, or null. */
export async function accountOf(
  authentication: Authentication,
  headers: IncomingHttpHeaders,
): Promise<Account | null> {
  if (headers.cookie === undefined) return null;
  const session = await authentication.api.getSession({ headers: fromNodeHeaders(headers) });
  return session === null ? null : Account.parse(session.user);
}

/**
 * Changes the caller's own password, ends every session that the old one opened, and lifts the duty to change it.
 * @returns the account, and the cookies of its new session.
 * @throws Failure `wrong-password` or `same-password`.
 */
export async function changePassword(
  authentication: Authentication,
  headers: IncomingHttpHeaders,
  account: Account,
  change: { currentPassword: string; newPassword: string },
): Promise<{ account: Account; cookies: string[] }> {
  if (change.newPassword === change.currentPassword) {
    throw new Failure('same-password', 'The new password is the old one; choose another.');
  }
  const cookies = await authentication.api
    .changePassword({
      body: { ...change, revokeOtherSessions: true },
      headers: fromNodeHeaders(headers),
      returnHeaders: true,
    })
    .then((answer) => answer.headers.getSetCookie())
    .catch((cause: unknown) => {
      if (!(cause instanceof APIError) || cause.body?.code !== 'INVALID_PASSWORD') throw cause;
      throw new Failure('wrong-password', 'The current password is not right; nothing was changed.', {
        cause,
      });
    });
  const context = await authentication.$context;
  await context.internalAdapter.updateUser(account.id, { mustChangePassword: false });
  return { account: { ...account, mustChangePassword: false }, cookies };
}
