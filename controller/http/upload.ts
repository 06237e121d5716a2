import type { Request } from 'express';

/** The length that the sender promises; without one (chunked) the limit is enforced as it comes. */
export function announcedBytes(request: Request): number | undefined {
  const bytes = Number(request.headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}

/** How long a sender may go on after it was refused, so that it gets to read why. */
const DRAIN_MS = 5_000;

/** Lets go of an upload that was refused. */
export function drain(request: Request): void {
  if (request.readableEnded || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), DRAIN_MS);
  request.once('close', () => clearTimeout(timer));
}
