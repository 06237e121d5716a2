import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { MAX_PACKET_BYTES } from '#devices/topics';

/** Headers that the relay on the HTTP port adds: who it is, and whose connection it passes on. */
export const RELAY_SECRET_HEADER = 'x-loa-relay';
export const RELAY_ADDRESS_HEADER = 'x-loa-address';

/**
 * MQTT over WebSocket (MQTT 3.1.1 §6), on a loopback port of the broker's thread. Browsers and devices reach it through
 * `/mqtt` of the HTTP port, whose thread passes bytes on and nothing more.
 */
export class WebSocketDoor {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;

  constructor(secret: string, enter: (stream: Duplex, address: string) => void) {
    this.#http = createServer((_request, response) => {
      response.writeHead(426).end();
    });
    this.#sockets = new WebSocketServer({
      server: this.#http,
      maxPayload: MAX_PACKET_BYTES * 2,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
      verifyClient: ({ req }: { req: { headers: Record<string, string | string[] | undefined> } }) =>
        req.headers[RELAY_SECRET_HEADER] === secret,
    });
    this.#sockets.on('connection', (socket, request) => {
      if (socket.protocol !== 'mqtt') {
        socket.close(1002, 'subprotocol mqtt is required');
        return;
      }
      enter(createWebSocketStream(socket), String(request.headers[RELAY_ADDRESS_HEADER] ?? ''));
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(0, '127.0.0.1', () => {
        const address = this.#http.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    return new Promise((resolve) => this.#http.close(() => resolve()));
  }
}
