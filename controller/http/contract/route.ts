import type { z } from 'zod';
import type { PanelFindings, Standing } from './lint.ts';

/** Who may call: each role contains the ones before it, but for `approver`, who approves and reads. */
export const ROLES = ['viewer', 'operator', 'approver', 'technician', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/**
 * One operation of the REST interface, stated once: the handler's validator, the OpenAPI document and the console's
 * client all come from it. Paths are relative to `/api/v1`, parameters in braces.
 */
export interface Route {
  readonly summary: string;
  /** Empty: any signed-in person. */
  readonly allow: readonly Role[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** `json` bodies are validated; `stream` is a raw request body that the handler consumes. */
  readonly body?: z.ZodType;
  readonly stream?: string;
  /** What comes back as JSON, or the media type of a binary or CSV answer. */
  readonly response: z.ZodType | string;
  readonly status?: 200 | 201 | 202 | 204;
}

type Input<T> = T extends z.ZodType ? z.input<T> : never;
type Output<T> = T extends z.ZodType ? z.output<T> : never;

/** What a client sends and gets for a route. */
export type Request<R extends Route> = (R extends { params: infer P } ? { params: Input<P> } : unknown) &
  (R extends { query: infer Q } ? { query?: Input<Q> } : unknown) &
  (R extends { body: infer B } ? { body: Input<B> } : unknown);
export type Response<R extends Route> = Output<R['response']>;

/** Problem document, RFC 9457. `code` and `params` let a reader's language be found for it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  params?: Record<string, string | number>;
  /** For a request that does not validate: which field, and why. */
  errors?: { path: string; message: string }[];
  /** Of `board-findings`. */
  findings?: PanelFindings[];
  /** Of `board-busy`. */
  standing?: Standing[];
}
