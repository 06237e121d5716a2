import { Failure } from '../failure.ts';
import type { Route } from './contract/route.ts';
import type { Handlers } from './handlers.ts';

/** Rooms that are not built yet. */
export function pending<Table extends Record<string, Route>>(routes: Table): Handlers<Table> {
  const answer = async (): Promise<never> => {
    throw new Failure('not-built', 'This is not built yet.', { status: 501 });
  };
  return Object.fromEntries(
    Object.keys(routes).map((operation) => [operation, answer]),
  ) as unknown as Handlers<Table>;
}
