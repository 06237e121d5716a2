import type { Operation, Routes } from '#controller/http/contract/index';
import type { Response as Reply, Request } from '#controller/http/contract/route';
import { problemOf, unreachable } from './problem.ts';

/** What an operation is given: `params`, `query`, `body`, as its schemas say. */
export type Asked<O extends Operation> = Request<Routes[O]>;
export type Answer<O extends Operation> = Reply<Routes[O]>;
/** The request may be left out where nothing in it is required. */
export type Arguments<O extends Operation> =
  object extends Asked<O> ? [request?: Asked<O>] : [request: Asked<O>];

export const BASE = '/api/v1';

interface Loose {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** The address of an operation, for links, `<audio>` and uploads. */
export function addressOf<O extends Operation>(operation: O, ...[request]: Arguments<O>): string {
  const { params = {}, query = {} }: Loose = request ?? {};
  const path = operation.slice(operation.indexOf(' ') + 1);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  return `${BASE}${filled}${search.size > 0 ? `?${search}` : ''}`;
}

/**
 * Carries out one operation of the contract.
 * @throws ProblemError with the controller's problem document, or code `unreachable`.
 */
export async function api<O extends Operation>(operation: O, ...args: Arguments<O>): Promise<Answer<O>> {
  const { body }: Loose = args[0] ?? {};
  return (await send(
    operation.slice(0, operation.indexOf(' ')),
    addressOf(operation, ...args),
    body,
  )) as Answer<O>;
}

/** A JSON request and its JSON answer; the session cookie travels by itself. */
export async function send(method: string, address: string, body?: unknown): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    throw unreachable(error);
  }
  if (!response.ok) throw problemOf(response.status, text);
  return text === '' ? {} : JSON.parse(text);
}
