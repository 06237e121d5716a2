import { ProblemError, unreachable } from '../../api/problem.ts';

/** A link that answers nothing for so long is taken to be away; the question is asked again. */
const PATIENCE_MS = 8_000;
const PAUSE_MS = 1_500;

/** Whether asking again may help: no answer at all, or a controller that is cut off from its devices just now. */
export const mayPass = (error: unknown): boolean =>
  error instanceof ProblemError && (error.problem.status === 0 || error.problem.status === 503);

/**
 * Asks until there is an answer: of a weak link a person is told how often it was tried, and may give up.
 * @param send must be harmless when it is carried out twice: an answer that was lost is asked for again.
 * @param tried is told after each attempt in vain.
 * @throws ProblemError that asking again does not change, or the reason of `signal`.
 */
export async function insist<T>(
  send: () => Promise<T>,
  tried: (error: unknown) => void,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await Promise.race([send(), silence(signal)]);
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      tried(error);
    }
    await pause(PAUSE_MS, signal);
    signal.throwIfAborted();
  }
}

async function silence(signal: AbortSignal): Promise<never> {
  await pause(PATIENCE_MS, signal);
  throw unreachable(new Error('no answer in time'));
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
