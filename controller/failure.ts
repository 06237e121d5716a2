import type { Problem } from './http/contract/route.ts';

/** What more a problem document tells of it, for a dialog that helps. */
export type ProblemDetails = Pick<Problem, 'findings' | 'standing'>;

/**
 * Something that a person can do something about. `code` names it for programs and for the console's texts in the
 * reader's language; `detail` says in English what happened, to what, why, and what to do; `params` fill the texts.
 * Becomes a problem document (RFC 9457) in the API, a sentence and an exit code on the command line.
 */
export class Failure extends Error {
  readonly code: string;
  readonly status: number;
  readonly params: Readonly<Record<string, string | number>>;
  readonly details: ProblemDetails;

  constructor(
    code: string,
    detail: string,
    options: {
      status?: number;
      params?: Readonly<Record<string, string | number>>;
      details?: ProblemDetails;
      cause?: unknown;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.status = options.status ?? 400;
    this.params = options.params ?? {};
    this.details = options.details ?? {};
  }
}

export const notFound = (what: string, id: string): Failure =>
  new Failure('not-found', `There is no ${what} ${id}. It may have been removed; look at the list again.`, {
    status: 404,
    params: { what, id },
  });
