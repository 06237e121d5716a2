import type { RequestHandler } from 'express';
import { MemoryStore, type Options } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/**
 * Turns an address away that failed too often in a minute. What is under way does not count, unlike with
 * `skipSuccessfulRequests`, which counts a request until it has succeeded: behind one address may be a whole province,
 * and a thousand devices that fetch the same new plan in one second have done nothing wrong.
 * @param refuse answers the one that is turned away.
 */
export function failureLimit(limit: number, refuse: RequestHandler): RequestHandler {
  const failures = new MemoryStore();
  failures.init({ windowMs: WINDOW_MS } as Options);
  return async (request, response, next) => {
    const address = request.ip ?? '';
    const known = await failures.get(address);
    if ((known?.totalHits ?? 0) >= limit) {
      await refuse(request, response, next);
      return;
    }
    response.once('finish', () => {
      if (response.statusCode >= 400) void failures.increment(address);
    });
    next();
  };
}
