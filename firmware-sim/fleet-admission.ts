import { z } from 'zod';
import { pause } from './backoff.ts';
import { Operator } from './demo/operator.ts';

const Waiting = z.array(z.object({ id: z.string(), code: z.string() }));

/**
 * Lets a fleet in by an administrator's account, as a technician does: looks who waits, compares the codes, and
 * approves. Ends when `waiting` says that nobody is left.
 * @param waiting name by code of those who wait, or null.
 */
export async function admitAll(
  http: string,
  account: { user: string; password: string },
  waiting: () => ReadonlyMap<string, string> | null,
  signal: AbortSignal,
): Promise<void> {
  const operator = new Operator(http);
  await operator.signIn(account.user, account.password);
  for (let names = waiting(); names !== null && !signal.aborted; names = waiting()) {
    if (names.size > 0) {
      for (const { id, code } of await operator.get('/pairings', Waiting)) {
        const name = names.get(code);
        if (name === undefined || signal.aborted) continue;
        await operator.post(`/pairings/${id}/approve`, { name, areaId: null }, z.unknown());
      }
    }
    await pause(1_000, signal);
  }
}
