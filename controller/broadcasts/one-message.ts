import { DOWN } from '#devices/topics';
import { Failure } from '../failure.ts';
import type { Run } from './run.ts';

/**
 * Refuses what one command does not hold. A JWS grows by a third, and has some hundred bytes around its body.
 * @throws Failure 422 `broadcast-too-large`.
 */
export function refuseTooLarge(body: Run['body']): void {
  const bytes = Math.ceil((Buffer.byteLength(JSON.stringify(body)) + 400) * (4 / 3)) + 300;
  if (bytes <= DOWN.command.maxBytes) return;
  throw new Failure(
    'broadcast-too-large',
    `“${body.title}” has too many parts, or too long titles, to be told in one message. Put it in a schedule, or shorten it.`,
    { status: 422, params: { title: body.title, parts: body.parts.length } },
  );
}
