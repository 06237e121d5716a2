import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { Component } from '../component.ts';
import { Failure } from '../failure.ts';
import type { Certificate } from '../tls/certificate.ts';

/** Takes over a socket whose HTTP request asked for another protocol; true when it did. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

/** socket.io takes over what is its own by a listener of its own. */
const LIVE = /^\/live(\/|\?|$)/;

/** The HTTP port: the API, the console, device files, and what upgrades to WebSocket. */
export class HttpPort implements Component {
  readonly server: Server | TlsServer;
  readonly #options: { readonly host: string; readonly port: number };
  readonly #upgrades: UpgradeHandler[] = [];

  /** @param certificate absent: the port speaks no TLS, as behind a reverse proxy on the same machine. */
  constructor(
    app: Express,
    options: { readonly host: string; readonly port: number },
    certificate?: Certificate,
  ) {
    this.#options = options;
    // An upload of a gigabyte over 4G takes longer than the stock five minutes; a slow header may not take one.
    const patience = { requestTimeout: 0, headersTimeout: 20_000, keepAliveTimeout: 65_000 };
    if (certificate === undefined) {
      this.server = createServer(patience, app);
      return;
    }
    const secure = createTlsServer({ ...patience, ...certificate.pair, minVersion: 'TLSv1.2' }, app);
    certificate.onRenewed((pair) => secure.setSecureContext({ ...pair, minVersion: 'TLSv1.2' }));
    this.server = secure;
  }

  /** To be called before `start`. */
  onUpgrade(handler: UpgradeHandler): void {
    this.#upgrades.push(handler);
  }

  /** @throws Failure `port-in-use` naming the setting to change. */
  async start(): Promise<void> {
    this.server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
      if (LIVE.test(request.url ?? '')) return;
      socket.on('error', () => socket.destroy());
      if (this.#upgrades.some((handler) => handler(request, socket, head))) return;
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    });
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, this.#options)));
      this.server.listen(this.#options.port, this.#options.host, resolve);
    });
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** The port that was bound, also when any free one was asked for. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Failure {
  const options = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new Failure(
        'port-in-use',
        `Port ${port} is in use; stop what uses it, or set LOA_HTTP_PORT to a free one.`,
        options,
      );
    case 'EACCES':
      return new Failure(
        'port-denied',
        `Port ${port} may not be opened by this user; set LOA_HTTP_PORT to one above 1023.`,
        options,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(
        'wrong-host',
        `This machine has no address ${host}; correct LOA_HTTP_HOST.`,
        options,
      );
    default:
      return new Failure('cannot-listen', `Cannot listen on ${host}:${port}: ${error.message}.`, options);
  }
}
