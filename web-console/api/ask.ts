import { MutationCache, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import type { Operation } from '#controller/http/contract/index';
import { type Arguments, api } from './client.ts';
import { ProblemError } from './problem.ts';

/** What a component reads: `useQuery(ask('GET /devices/{id}', { params: { id } }))`. */
export const ask = <O extends Operation>(operation: O, ...args: Arguments<O>) =>
  queryOptions({
    queryKey: [operation, args[0] ?? {}] as const,
    queryFn: () => api(operation, ...args),
  });

/** A refusal is final; silence and faults of the server are worth another try. */
const worthRetrying = (failures: number, error: unknown): boolean =>
  failures < 2 &&
  (!(error instanceof ProblemError) || error.problem.status === 0 || error.problem.status >= 500);

/** A session that ended meanwhile: who is there is asked again, and the page of the same address waits behind the door. */
function signedOut(error: unknown): void {
  if (error instanceof ProblemError && error.problem.status === 401)
    void answers.resetQueries({ queryKey: ask('GET /session').queryKey });
}

export const answers: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== 'GET /session') signedOut(error);
    },
  }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, { meta }) => {
      if (meta?.signingIn !== true) signedOut(error);
    },
  }),
  defaultOptions: {
    // Changes are told over the live link; age alone makes nothing worth fetching again.
    queries: { staleTime: 60_000, retry: worthRetrying, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
