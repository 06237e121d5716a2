import type { Role } from '../http/contract/route.ts';
import type { Authentication } from './authentication.ts';
import { randomPassword } from './random-password.ts';

/** better-auth wants an address; this one can belong to nobody (RFC 2606). */
const addressOf = (username: string): string => `${username}@loa-phuong.invalid`;

/**
 * Makes an account with a random password that must be changed at the first sign-in.
 * @returns its id, and the password: it is told once and kept nowhere.
 */
export async function makeAccount(
  authentication: Authentication,
  account: { readonly name: string; readonly username: string; readonly role: Role },
): Promise<{ id: string; password: string }> {
  const { internalAdapter, password: hashing } = await authentication.$context;
  const { name, username, role } = account;
  const password = randomPassword();
  const hash = await hashing.hash(password);
  const user = await internalAdapter.createUser(
    {
      ...{ name, username, role, displayUsername: username, mustChangePassword: true },
      email: addressOf(username),
      emailVerified: true,
    },
    { method: 'admin' },
  );
  const { id } = user;
  await internalAdapter.linkAccount({
    userId: id,
    accountId: id,
    providerId: 'credential',
    password: hash,
  });
  return { id, password };
}

/** Whether somebody has, or had, that name: who is disabled keeps it, since the log names people. */
export async function nameTaken(authentication: Authentication, username: string): Promise<boolean> {
  const { internalAdapter } = await authentication.$context;
  return (await internalAdapter.findUserByEmail(addressOf(username))) !== null;
}
