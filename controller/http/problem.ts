import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { Problem } from './contract/route.ts';

/** Writes a problem document (RFC 9457). `type` is a relative reference that names the kind of problem. */
export function sendProblem(response: Response, problem: Omit<Problem, 'type' | 'title'>): void {
  const body: Problem = {
    type: `/problems/${problem.code}`,
    title: problem.code.replaceAll('-', ' '),
    ...problem,
  };
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(body));
}

/** What a request that does not fit its schema is answered with: each field, and why. */
export function invalidRequest(error: z.ZodError): Omit<Problem, 'type' | 'title'> {
  const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const first = errors[0];
  const where = first === undefined || first.path === '' ? 'The request' : `“${first.path}”`;
  return {
    status: 400,
    code: 'invalid-request',
    detail: `${where} is not as it should be: ${first?.message ?? 'see the description of the interface'}.`,
    errors,
  };
}

/**
 * The last handler: every error becomes a problem document. What was not foreseen is logged with a number that the
 * answer repeats, and nothing else of it leaves the house (R41).
 */
export const problemHandler =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      log.warn({ err: error, path: request.path }, 'an answer broke off');
      response.destroy();
      return;
    }
    if (error instanceof Failure) {
      const { status, code, message: detail, params, details } = error;
      sendProblem(response, { status, code, detail, params: { ...params }, ...details });
      return;
    }
    if (error instanceof z.ZodError) {
      sendProblem(response, invalidRequest(error));
      return;
    }
    const status = statusOf(error);
    if (status !== undefined && status < 500) {
      sendProblem(response, {
        status,
        code: 'bad-request',
        detail: `The request cannot be read: ${String(error)}.`,
      });
      return;
    }
    const number = crypto.randomUUID();
    log.error({ err: error, number, method: request.method, path: request.path }, 'a request failed');
    sendProblem(response, {
      status: 500,
      code: 'internal',
      detail: `Something went wrong in the controller; its log tells more under ${number}. Try again, and tell the technician if it stays.`,
      params: { number },
    });
  };

/** Errors of express's own parsers carry the status they mean. */
function statusOf(error: unknown): number | undefined {
  const parsed = z.object({ status: z.number().int().min(400).max(599) }).safeParse(error);
  return parsed.success ? parsed.data.status : undefined;
}
