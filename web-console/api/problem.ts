import type { Problem } from '#controller/http/contract/route';

/**
 * What the controller, or the way to it, answered instead of what was asked for. `status` 0 and code `unreachable`:
 * no answer came at all.
 */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail, cause === undefined ? undefined : { cause });
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export function unreachable(cause: unknown): ProblemError {
  return new ProblemError(
    {
      type: 'about:blank',
      title: 'Unreachable',
      status: 0,
      detail: 'The controller does not answer.',
      code: 'unreachable',
    },
    cause,
  );
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'detail' in value;

/** Reads the problem document of an answer that is not 2xx; something else in between may have answered with HTML. */
export function problemOf(status: number, body: string): ProblemError {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isProblem(parsed)) return new ProblemError({ ...parsed, status });
  } catch {
    // Not JSON: told below by its status.
  }
  const code = status === 401 ? 'signed-out' : status >= 500 ? 'internal' : 'unexpected';
  return new ProblemError({
    type: 'about:blank',
    title: code,
    status,
    detail: `The controller answered with status ${status}.`,
    code,
    params: { status },
  });
}
