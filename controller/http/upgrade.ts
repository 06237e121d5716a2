import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Whose connection it is. As with express's `trust proxy: loopback`, a reverse proxy on the same machine may say whom it
 * speaks for; nobody else may.
 */
export function addressOf({ socket, headers }: IncomingMessage): string {
  const remote = socket.remoteAddress ?? '';
  if (!LOOPBACK.test(remote)) return remote;
  const forwarded = headers['x-forwarded-for'];
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
  return hops.at(-1)?.trim() || remote;
}

/** Answers a request for another protocol with a status, and hangs up. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
