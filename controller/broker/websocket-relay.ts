import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { RELAY_ADDRESS_HEADER, RELAY_SECRET_HEADER } from './websocket-door.ts';

/** Where the console's HTTP port takes MQTT over WebSocket. */
export const MQTT_PATH = '/mqtt';
const DIAL_MS = 5_000;

/** The loopback door of the broker's thread, and what opens it. */
export interface RelayTarget {
  readonly port: number;
  readonly secret: string;
}

/**
 * Passes a WebSocket connection for `/mqtt` on to the broker's thread, byte for byte.
 * @param to null while the broker is away.
 * @returns false for any other path, which is left alone.
 */
export function relayWebSocket(
  to: RelayTarget | null,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): boolean {
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== MQTT_PATH) return false;
  socket.on('error', () => socket.destroy());
  if (to === null) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    return true;
  }
  const upstream = connect({ host: '127.0.0.1', port: to.port });
  const timer = setTimeout(() => upstream.destroy(), DIAL_MS);
  upstream.setNoDelay(true);
  upstream.on('error', () => socket.destroy());
  upstream.on('close', () => {
    clearTimeout(timer);
    socket.destroy();
  });
  socket.on('close', () => upstream.destroy());
  upstream.on('connect', () => {
    clearTimeout(timer);
    upstream.write(requestHead(request, to.secret));
    if (head.length > 0) upstream.write(head);
    upstream.pipe(socket);
    socket.pipe(upstream);
  });
  return true;
}

/** The request as it came, but for headers that only the relay itself may set. */
function requestHead(request: IncomingMessage, secret: string): string {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (name.toLowerCase().startsWith('x-loa-')) continue;
    lines.push(`${name}: ${request.rawHeaders[index + 1]}`);
  }
  lines.push(`${RELAY_SECRET_HEADER}: ${secret}`);
  lines.push(`${RELAY_ADDRESS_HEADER}: ${request.socket.remoteAddress ?? ''}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
