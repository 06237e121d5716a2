import { DOWN } from '#devices/topics';
import { Failure } from '../failure.ts';
import type { Run } from './run.ts';

/** Whether one command holds it. A JWS grows by a third, and has some hundred bytes around its body. */
export function fitsOneMessage(body: Run['body']): boolean {
  const bytes = Math.ceil((Buffer.byteLength(JSON.stringify(body)) + 400) * (4 / 3)) + 300;
  return bytes <= DOWN.command.maxBytes;
}

export const tooLarge = (title: string, parts: number): Failure =>
  new Failure(
    'broadcast-too-large',
    `“${title}” has too many parts, or too long titles, to be told in one message. Put it in a schedule, or shorten it.`,
    { status: 422, params: { title, parts } },
  );
