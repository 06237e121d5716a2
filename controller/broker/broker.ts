import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { downTopic, upTopic } from '#devices/topics';
import type { KeyPair } from '../tls/certificate.ts';
import { Budget, FailureCount } from './budget.ts';
import { Credentials } from './credentials.ts';
import { FanOut } from './fan-out.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { CONTROLLER, controllerMayPublish, judgePublish, judgeSubscribe } from './policy.ts';
import { Report } from './report.ts';
import { RetainedStore } from './retained-store.ts';
import { steadyClock } from './steady-clock.ts';
import type { Admission, BrokerSetup, BrokerStats, FromBroker } from './thread-messages.ts';
import { answerTime } from './time-answer.ts';
import { WebSocketDoor } from './websocket-door.ts';

/** Nobody can subscribe to it: what is refused goes here, acknowledged and unheard (MQTT 3.1.1 §3.3.5.2). */
const NOWHERE = 'loa/v1/nowhere';
/** Devices must be heard, or ping, this often in seconds; one and a half times as long and the connection is dead. */
const KEEPALIVE_LIMIT_S = 120;
/** The controller may be busy for a while; it is the one subscriber that everybody publishes to. */
const CONTROLLER_BACKLOG = 64;
const TAKEOVERS_A_MINUTE = 3;
const HANDSHAKE_MS = 10_000;

/** aedes with the contract's rules around it. Lives in the broker's thread and knows nothing of the database. */
export class Broker {
  readonly #setup: BrokerSetup;
  readonly #retained = new RetainedStore();
  readonly #credentials = new Credentials();
  readonly #report: Report;
  readonly #gate: Gatekeeper;
  readonly #clients = new Map<string, Client>();
  readonly #budgets = new WeakMap<Client, Budget>();
  readonly #sockets = new Set<Duplex>();
  readonly #takeovers = new FailureCount(TAKEOVERS_A_MINUTE);
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #secure: TlsServer | undefined;
  /** For the controller alone, and only beside a port that speaks TLS: what stays on the machine needs none. */
  #ownServer: Server | undefined;
  #door: WebSocketDoor | undefined;
  #received = 0;
  #delivered = 0;
  #dropped = 0;

  constructor(setup: BrokerSetup, post: (message: FromBroker) => void) {
    this.#setup = setup;
    this.#report = new Report(post);
    this.#gate = new Gatekeeper(setup.limits, this.#credentials, (...refusal) =>
      this.#report.refuse(...refusal),
    );
    this.#credentials.admit({
      device: CONTROLLER,
      credentialHash: setup.controllerPasswordHash,
      groups: [],
    });
  }

  /** @throws the system's error, such as EADDRINUSE. */
  async listen(): Promise<{ port: number; ownPort: number; relayPort: number }> {
    const aedes = await Aedes.createBroker({
      mq: new FanOut(),
      persistence: this.#retained,
      concurrency: 100_000,
      drainTimeout: this.#setup.limits.drainTimeoutMs,
      connectTimeout: 10_000,
      heartbeatInterval: 60_000,
      keepaliveLimit: KEEPALIVE_LIMIT_S,
      maxTopicLevels: 8,
      queueLimit: 100,
      preConnect: this.#gate.preConnect,
      authenticate: this.#authenticate,
      authorizePublish: this.#authorizePublish,
      authorizeSubscribe: this.#authorizeSubscribe,
      authorizeForward: this.#authorizeForward,
    });
    this.#aedes = aedes;
    aedes.on('client', (client) => {
      this.#clients.set(client.id, client);
      if (client.id !== CONTROLLER) this.#report.connection(client.id, true);
    });
    aedes.on('clientDisconnect', (client) => {
      if (this.#clients.get(client.id) !== client) return;
      this.#clients.delete(client.id);
      if (client.id !== CONTROLLER) this.#report.connection(client.id, false);
    });
    // Broken connections and refused sign-ins are everyday matters, reported by the gate where they concern a device.
    aedes.on('clientError', () => {});
    aedes.on('connectionError', () => {});
    const { host, port, relaySecret, tls, limits } = this.#setup;
    const enter = (socket: Socket): void => {
      socket.setNoDelay(true);
      this.#enter(socket, socket.remoteAddress ?? '');
    };
    if (tls !== null) this.#secure = secureServer(tls, enter);
    this.#server = this.#secure ?? createServer(enter);
    // Those that are still shaking hands are not counted by the gate.
    this.#server.maxConnections = limits.connections + limits.pending;
    const listening = await listen(this.#server, host, port);
    let ownPort = listening;
    if (tls !== null) {
      this.#ownServer = createServer(enter);
      ownPort = await listen(this.#ownServer, '127.0.0.1', 0);
    }
    this.#door = new WebSocketDoor(relaySecret, (stream, address) => this.#enter(stream, address));
    return { port: listening, ownPort, relayPort: await this.#door.listen() };
  }

  /** From the next connection on; those that stand go on under the certificate that they were made with. */
  renew(tls: KeyPair): void {
    this.#secure?.setSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  }

  /** Who had another credential before is signed in no longer. */
  admit(admission: Admission): void {
    if (this.#credentials.admit(admission) === 'changed') this.#clients.get(admission.device)?.close();
  }

  /** The credential stops working, the connection ends, and what was retained for and from the device is forgotten. */
  expel(device: string): void {
    this.#credentials.expel(device);
    this.#clients.get(device)?.close();
    this.#retained.forget(upTopic(device, 'presence'));
    this.#retained.forget(downTopic(device, 'desired'));
  }

  stats(): BrokerStats {
    return {
      clients: this.#clients.size - (this.#clients.has(CONTROLLER) ? 1 : 0),
      received: this.#received,
      delivered: this.#delivered,
      dropped: this.#dropped,
      refused: this.#report.refused,
      failedSignIns: this.#gate.failedSignIns,
      retained: this.#retained.size,
    };
  }

  async stop(): Promise<void> {
    const servers = [this.#server, this.#ownServer].filter((server) => server !== undefined);
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    await this.#door?.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    const aedes = this.#aedes;
    if (aedes !== undefined) await new Promise<void>((resolve) => aedes.close(resolve));
    this.#report.flush();
  }

  #enter(stream: Duplex, address: string): void {
    this.#sockets.add(stream);
    stream.once('close', () => this.#sockets.delete(stream));
    this.#gate.enter(stream, address, (connection) => {
      if (this.#aedes === undefined) throw new Error('a connection before the broker listens');
      return this.#aedes.handle(connection);
    });
  }

  /** A connection that is taken over now and then is a bad line; again and again, it is two devices with one credential. */
  readonly #authenticate: NonNullable<AedesOptions['authenticate']> = (
    client,
    username,
    password,
    callback,
  ) => {
    this.#gate.authenticate(client, username, password, (error, success) => {
      if (success === true && this.#clients.has(client.id) && client.id !== CONTROLLER) {
        const now = Date.now();
        if (this.#takeovers.exhausted(client.id, now)) {
          const address = this.#gate.peer(client)?.address ?? '';
          this.#report.refuse(client.id, 'two-at-once', '', `the latest from ${address}`);
        }
        this.#takeovers.add(client.id, now);
      }
      callback(error, success);
    });
  };

  readonly #authorizePublish: NonNullable<AedesOptions['authorizePublish']> = (client, packet, callback) => {
    if (client === null) return callback(null);
    if (client.id === CONTROLLER) {
      return callback(controllerMayPublish(packet.topic) ? null : new Error(`no topic: ${packet.topic}`));
    }
    this.#received += 1;
    // The second level of service is no part of the contract; the handshake for it cannot be declined politely.
    if (packet.qos === 2) {
      this.#report.refuse(client.id, 'wrong-qos', packet.topic, 'QoS 2; the connection was closed');
      return callback(new Error('QoS 2 is not supported'));
    }
    const judged = judgePublish(client.id, packet);
    let refused = 'refused' in judged ? judged.refused : null;
    if (refused === null && !this.#budgetOf(client).take(Date.now())) refused = 'too-fast';
    let answered = false;
    if (refused === null && 'kind' in judged && judged.kind === 'ask') {
      const arrivedAt = this.#gate.peer(client)?.fence.arrivedAt ?? steadyClock.now();
      answered = answerTime(client.id, packet.payload, arrivedAt, client.conn);
      if (!answered) refused = 'malformed';
    }
    if (refused !== null)
      this.#report.refuse(client.id, refused, packet.topic, `${packet.payload.length} bytes`);
    if (refused !== null || answered) {
      packet.topic = NOWHERE;
      packet.retain = false;
      packet.payload = Buffer.alloc(0);
    }
    callback(null);
  };

  readonly #authorizeSubscribe: NonNullable<AedesOptions['authorizeSubscribe']> = (
    client,
    subscription,
    callback,
  ) => {
    const { topic, qos } = subscription;
    if (judgeSubscribe(client.id, topic, this.#credentials.groupsOf(client.id))) {
      if (qos > 1) subscription.qos = 1;
      return callback(null, subscription);
    }
    this.#report.refuse(client.id, 'foreign-filter', topic, 'a subscription');
    callback(null, null);
  };

  /** A device that does not read must not make the broker hoard: first it loses what may be lost, then the line. */
  readonly #authorizeForward: NonNullable<AedesOptions['authorizeForward']> = (client, packet) => {
    const isController = client.id === CONTROLLER;
    const limit = this.#setup.limits.backlogBytes * (isController ? CONTROLLER_BACKLOG : 1);
    const backlog = client.conn.writableLength;
    if (backlog > limit) {
      this.#dropped += 1;
      if (backlog > limit * 4) client.conn.destroy();
      else if (packet.qos > 0) return packet;
      return null;
    }
    // A credential's groups may have shrunk since it subscribed.
    if (packet.topic.startsWith('loa/v1/group/') && !this.#mayHear(client.id, packet.topic)) return null;
    this.#delivered += 1;
    return packet;
  };

  #mayHear(device: string, topic: string): boolean {
    return judgeSubscribe(device, topic, this.#credentials.groupsOf(device));
  }

  #budgetOf(client: Client): Budget {
    const known = this.#budgets.get(client);
    if (known !== undefined) return known;
    const { publishesPerSecond, publishBurst } = this.#setup.limits;
    const budget = new Budget(publishesPerSecond, publishBurst, Date.now());
    this.#budgets.set(client, budget);
    return budget;
  }
}

/** TLS 1.2 and 1.3. Whoever does not shake hands in time, or badly, is gone without a word. */
function secureServer(tls: KeyPair, enter: (socket: Socket) => void): TlsServer {
  const server = createTlsServer({ ...tls, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS }, enter);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1_024 }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
