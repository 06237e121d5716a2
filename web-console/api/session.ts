import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Session } from '#controller/http/contract/overview';
import type { Role } from '#controller/http/contract/route';
import { ask } from './ask.ts';
import { send } from './client.ts';

/** @throws ProblemError, `signed-out` or the like when the name or the password is wrong. */
export async function signIn(username: string, password: string): Promise<void> {
  await send('POST', '/api/auth/sign-in/username', { username, password, rememberMe: true });
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await send('POST', '/api/auth/sign-out', {});
    client.clear();
    window.location.assign('/');
  };
}

/** The session, where one is known to be there: inside the frame. */
export function useSession(): Session {
  const { data } = useQuery({ ...ask('GET /session'), staleTime: Number.POSITIVE_INFINITY });
  if (data === undefined) throw new Error('The session was read outside the frame that waits for it');
  return data;
}

const contains: Record<Role, readonly Role[]> = {
  viewer: [],
  operator: ['operator'],
  approver: ['approver'],
  technician: ['operator', 'technician'],
  administrator: ['operator', 'approver', 'technician', 'administrator'],
};

/** Whether the person may do what is allowed to these roles; the controller decides again. */
export function useMay(role: Role): boolean {
  return contains[useSession().user.role].includes(role);
}

/** Whether the person may sound an alarm, or be the second person for one. */
export function useMayAlarm(): boolean {
  const operator = useMay('operator');
  return useMay('approver') || operator;
}
