import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Component } from '../component.ts';
import { Failure } from '../failure.ts';
import type { Certificate } from '../tls/certificate.ts';
import type { Gate } from './gate.ts';
import { CONTROLLER } from './policy.ts';
import {
  type Admission,
  BROKER_LIMITS,
  type BrokerLimits,
  type BrokerRefusal,
  type BrokerSetup,
  type BrokerStats,
  type FromBroker,
  type ToBroker,
} from './thread-messages.ts';
import { relayWebSocket } from './websocket-relay.ts';

export interface EmbeddedBrokerDeps {
  readonly host: string;
  /** 0 for any free one; see {@link EmbeddedBroker.port}. */
  readonly port: number;
  readonly log: Logger;
  /** Everyone who may sign in, asked for whenever the broker starts. */
  readonly admissions: () => readonly Admission[];
  readonly limits?: Partial<BrokerLimits>;
  /** Absent: the port speaks no TLS, and belongs on the loopback or a private network. */
  readonly certificate?: Certificate | undefined;
}

export interface BrokerListener {
  refused?(refusals: readonly BrokerRefusal[]): void;
  /** The last word about each device since the call before; a takeover is no disconnection. */
  connections?(changes: readonly { device: string; connected: boolean }[]): void;
}

const NO_STATS: BrokerStats = {
  clients: 0,
  received: 0,
  delivered: 0,
  dropped: 0,
  refused: 0,
  failedSignIns: 0,
  retained: 0,
};
const RESTART_MS = 500;
const IN_BULK = 1_000;

/** The MQTT broker in a thread of its own, so that no query, transcode or report on this thread delays a message. */
export class EmbeddedBroker implements Component, Gate {
  readonly #deps: EmbeddedBrokerDeps;
  readonly #password = randomBytes(32).toString('base64url');
  readonly #relaySecret = randomBytes(32).toString('base64url');
  readonly #listeners = new Set<BrokerListener>();
  #worker: Worker | undefined;
  #port = 0;
  #ownPort = 0;
  #relayPort: number | null = null;
  #stats = NO_STATS;
  #running = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(deps: EmbeddedBrokerDeps) {
    this.#deps = deps;
    deps.certificate?.onRenewed((tls) => this.#post({ type: 'renew', tls }));
  }

  /** The port that devices connect to; known after `start`. */
  get port(): number {
    return this.#port;
  }

  get stats(): BrokerStats {
    return this.#stats;
  }

  /** Where and how this process itself connects. */
  get account(): { url: string; username: string; password: string } {
    return {
      url: `mqtt://${this.#deps.certificate === undefined ? this.#loopback() : '127.0.0.1'}:${this.#ownPort}`,
      username: CONTROLLER,
      password: this.#password,
    };
  }

  /** @throws Failure `port-in-use` when another program listens there. */
  async start(): Promise<void> {
    this.#running = true;
    await this.#launch();
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === undefined) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    this.#post({ type: 'stop' });
    const timer = setTimeout(() => void worker.terminate(), 5_000);
    await gone;
    clearTimeout(timer);
    this.#worker = undefined;
    this.#relayPort = null;
  }

  admit(admissions: readonly Admission[]): void {
    for (let at = 0; at < admissions.length; at += IN_BULK) {
      this.#post({ type: 'admit', items: admissions.slice(at, at + IN_BULK) });
    }
  }

  expel(device: string): void {
    this.#post({ type: 'expel', device });
  }

  /** @returns a function that ends the listening. */
  listen(listener: BrokerListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes over what upgrades to MQTT over WebSocket at `/mqtt` of an HTTP server of this process.
   * @returns false for any other request, which is left alone.
   */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const port = this.#relayPort;
    return relayWebSocket(port === null ? null : { port, secret: this.#relaySecret }, request, socket, head);
  };

  async #launch(): Promise<void> {
    const { host, port, limits, log, certificate } = this.#deps;
    const setup: BrokerSetup = {
      host,
      port: this.#port || port,
      limits: { ...BROKER_LIMITS, ...limits },
      tls: certificate?.pair ?? null,
      controllerPasswordHash: createHash('sha256').update(this.#password).digest('hex'),
      relaySecret: this.#relaySecret,
    };
    const worker = startThread(setup);
    this.#worker = worker;
    const listening = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromBroker) => {
        if (message.type === 'listening') {
          this.#port = message.port;
          this.#ownPort = message.ownPort;
          this.#relayPort = message.relayPort;
          resolve();
        } else if (message.type === 'failed') {
          reject(listenFailure(message.code, message.message, setup));
        } else this.#heard(message);
      });
      worker.once('error', (error) => {
        log.error({ err: error }, 'the broker thread failed');
        reject(error);
      });
      worker.once('exit', () => {
        reject(new Error('the broker thread ended before it listened'));
        this.#ended(worker);
      });
    });
    this.admit(this.#deps.admissions());
    this.#post({ type: 'listen' });
    try {
      await listening;
      log.info({ host, port: this.#port, tls: certificate !== undefined }, 'the broker listens');
      if (certificate === undefined && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
        log.warn(
          { host, port: this.#port },
          'the broker speaks no TLS: keep its port in a private network, or set LOA_TLS_CERT and LOA_TLS_KEY',
        );
      }
    } catch (error) {
      this.#worker = undefined;
      await worker.terminate();
      throw error;
    }
  }

  #ended(worker: Worker): void {
    if (this.#worker !== worker || !this.#running) return;
    this.#worker = undefined;
    this.#relayPort = null;
    this.#deps.log.error('the broker thread ended; it is started again, and devices will reconnect');
    this.#again();
  }

  #again(): void {
    this.#restart = setTimeout(() => {
      this.#launch().catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'the broker thread could not be started again; trying on');
        if (this.#running) this.#again();
      });
    }, RESTART_MS);
  }

  #heard(message: FromBroker): void {
    for (const listener of this.#listeners) {
      if (message.type === 'refusals') listener.refused?.(message.items);
      else if (message.type === 'connections') listener.connections?.(message.items);
    }
    if (message.type === 'stats') this.#stats = message.stats;
  }

  #post(message: ToBroker): void {
    this.#worker?.postMessage(message);
  }

  /** An address of this machine on which the broker listens. */
  #loopback(): string {
    const { host } = this.#deps;
    if (host === '0.0.0.0' || host === '') return '127.0.0.1';
    if (host === '::') return '[::1]';
    return host.includes(':') ? `[${host}]` : host;
  }
}

/**
 * From source the thread needs the import condition and the loader of the tests and of `npm run dev`. A worker does not
 * take a loader from `--import` for its own first file on Node 20, so that a line of JavaScript brings both in.
 */
function startThread(setup: BrokerSetup): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./worker.js', import.meta.url), { workerData: setup, name: 'broker' });
  }
  const loader = import.meta.resolve('tsx/esm/api');
  const file = new URL('./worker.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(start, {
    eval: true,
    workerData: setup,
    name: 'broker',
    execArgv: ['--conditions=loa-source'],
  });
}

function listenFailure(code: string, message: string, { host, port }: BrokerSetup): Error {
  if (code === 'EADDRINUSE') {
    return new Failure(
      'port-in-use',
      `Port ${port} is in use; stop what uses it, or set LOA_MQTT_PORT to a free one.`,
      { params: { port, setting: 'LOA_MQTT_PORT' } },
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new Failure(
      'cannot-listen',
      `The MQTT broker cannot listen on ${host} port ${port} (${message}); correct LOA_HTTP_HOST or LOA_MQTT_PORT.`,
      { params: { host, port } },
    );
  }
  return new Error(`The MQTT broker cannot listen on ${host} port ${port}: ${message}`);
}
