import type { Logger } from 'pino';

/**
 * Does something again and again. A failure, such as a full disk, is logged and tried again the next time: it must not
 * end a process that others still listen to.
 * @returns a function that ends it.
 */
export function every(ms: number, what: string, log: Logger, work: () => void): () => void {
  const timer = setInterval(() => {
    try {
      work();
    } catch (error) {
      log.error({ err: error }, `${what} failed; it is tried again`);
    }
  }, ms);
  return () => clearInterval(timer);
}
