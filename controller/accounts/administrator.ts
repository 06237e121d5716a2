import type { Authentication } from './authentication.ts';
import { makeAccount } from './new-account.ts';

/**
 * On the first start makes the account `admin` with a random password that must be changed at the first sign-in.
 * @returns what to print, once; null when there are accounts already.
 */
export async function ensureAdministrator(
  authentication: Authentication,
): Promise<{ username: string; password: string } | null> {
  const context = await authentication.$context;
  if ((await context.internalAdapter.countTotalUsers()) > 0) return null;
  const account = { name: 'Quản trị viên', username: 'admin', role: 'administrator' } as const;
  const { password } = await makeAccount(authentication, account);
  return { username: account.username, password };
}
