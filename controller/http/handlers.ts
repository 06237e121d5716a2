import type { Request as HttpRequest, Response as HttpResponse } from 'express';
import type { z } from 'zod';
import type { Response, Role, Route } from './contract/route.ts';

type Parsed<T> = T extends z.ZodType ? z.output<T> : never;

/** Who calls: the account of the session. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** A call that passed authentication, authorisation and validation. */
export interface Call<R extends Route> {
  readonly params: R extends { params: infer P } ? Parsed<P> : Record<string, never>;
  readonly query: R extends { query: infer Q } ? Parsed<Q> : Record<string, never>;
  readonly body: R extends { body: infer B } ? Parsed<B> : undefined;
  readonly caller: Caller;
  /** For routes with a `stream` body, which reads it; and to notice that the caller went away. */
  readonly request: HttpRequest;
  /** For routes whose answer is a media type: the handler writes the whole answer itself. */
  readonly response: HttpResponse;
}

/**
 * One handler per route of a table of routes. Returns the JSON answer, or nothing where the route's answer is a
 * media type. Throws a {@link Failure} to answer with a problem document.
 */
export type Handlers<Table extends Record<string, Route>> = {
  readonly [Operation in keyof Table]: (
    call: Call<Table[Operation]>,
  ) => Promise<Table[Operation]['response'] extends string ? undefined : Response<Table[Operation]>>;
};
