import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { readJson, writeWhole } from '../whole-file.ts';
import type { Operator } from './operator.ts';

const Account = z.object({ username: z.string(), password: z.string() });
export type Account = z.infer<typeof Account>;

/**
 * The demo's administrator. At the first start the controller prints a password that must be changed; the demo
 * changes it as a person would, and keeps the new one beside its data for the next start.
 * @param printed what the controller printed, if this was its first start.
 */
export async function signInForDemo(
  operator: Operator,
  directory: string,
  printed: Account | null,
): Promise<Account> {
  const file = path.join(directory, 'demo-account.json');
  if (printed === null) {
    const account = await readJson(file, Account);
    if (account === null) {
      throw new Error(
        `The demo does not know the account of ${directory}; remove that directory to begin afresh.`,
      );
    }
    await operator.signIn(account.username, account.password);
    return account;
  }
  const account = { username: printed.username, password: `demo-${randomBytes(9).toString('base64url')}` };
  await operator.signIn(printed.username, printed.password);
  // Written first: a crash between the two leaves a file with a password that is not valid yet, never a lost one.
  await writeWhole(file, JSON.stringify(account), { mode: 0o600 });
  const change = { currentPassword: printed.password, newPassword: account.password };
  await operator.post('/session/password', change, z.unknown());
  return account;
}
