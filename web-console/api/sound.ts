import type { Routes } from '#controller/http/contract/index';
import type { Request } from '#controller/http/contract/route';
import { addressOf } from './client.ts';
import { problemOf, unreachable } from './problem.ts';

/** Has a text spoken now. @returns the sound. @throws ProblemError as `api` does. */
export async function spoken(
  body: Request<Routes['POST /speech/preview']>['body'],
  signal: AbortSignal,
): Promise<Blob> {
  const address = addressOf('POST /speech/preview', { body });
  const response = await fetch(address, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { accept: 'audio/wav, application/problem+json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw unreachable(error);
  });
  if (!response.ok) throw problemOf(response.status, await response.text());
  return response.blob();
}
