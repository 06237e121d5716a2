import { randomInt } from 'node:crypto';
import type { Authentication } from './authentication.ts';

/** Without the letters and digits that are taken for one another when read off a terminal. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Twenty random characters in four groups: 98 bits. */
function randomPassword(): string {
  const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

/**
 * On the first start makes the account `admin` with a random password that must be changed at the first sign-in.
 * @returns what to print, once; null when there are accounts already.
 */
export async function ensureAdministrator(
  authentication: Authentication,
): Promise<{ username: string; password: string } | null> {
  const context = await authentication.$context;
  if ((await context.internalAdapter.countTotalUsers()) > 0) return null;
  const password = randomPassword();
  const user = await context.internalAdapter.createUser(
    {
      name: 'Quản trị viên',
      // better-auth wants an address; this one can belong to nobody (RFC 2606).
      email: 'admin@loa-phuong.invalid',
      emailVerified: true,
      username: 'admin',
      displayUsername: 'admin',
      role: 'administrator',
      mustChangePassword: true,
    },
    { method: 'admin' },
  );
  await context.internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: 'credential',
    password: await context.password.hash(password),
  });
  return { username: 'admin', password };
}
