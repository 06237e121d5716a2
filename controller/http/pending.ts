import { Failure } from '../failure.ts';
import type { Route } from './contract/route.ts';
import type { Handlers } from './handlers.ts';

/** Stands where the handlers of a room are still being built. */
export function pending<Table extends Record<string, Route>>(table: Table): Handlers<Table> {
  const refuse = async () => {
    throw new Failure('not-built', 'This is not built yet.', { status: 501 });
  };
  return Object.fromEntries(
    Object.keys(table).map((operation) => [operation, refuse]),
  ) as unknown as Handlers<Table>;
}
