import type { Route } from '#controller/http/contract/route';
import type { Call } from '#controller/http/handlers';

/** A call of a handler as the HTTP core would make it, for operations that need neither request nor response. */
export function call<R extends Route>(
  parts: { params?: unknown; query?: unknown; body?: unknown } = {},
): Call<R> {
  const caller = { id: 'u1', name: 'Kỹ thuật', role: 'technician' };
  return { params: {}, query: {}, body: undefined, ...parts, caller } as unknown as Call<R>;
}
