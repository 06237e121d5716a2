import mqtt, { type MqttClient } from 'mqtt';
import { ulid } from 'ulid';
import { Backoff } from '#devices/backoff';
import {
  DOWN,
  downTopic,
  EVERY_DEVICE,
  groupTopic,
  HOST_STATE,
  UP,
  type UpKind,
  type UpMessage,
  upTopic,
} from '#devices/topics';

export interface LinkOptions {
  readonly device: string;
  readonly credential: string;
  /** WebSocket addresses, best first; the next one is tried when one fails. */
  readonly brokers: readonly string[];
}

export interface LinkHandlers {
  /** Subscribed and announced as online. */
  connected(session: string): void;
  disconnected(): void;
  /** @param arrivedAt when its bytes came in, by the counter of the page. */
  message(topic: string, payload: string, arrivedAt: number): void;
}

/** Heartbeats keep the line open; a ping tells the screen that somebody is still there to hear them. */
const KEEPALIVE_S = 60;
const SOONEST_MS = 1_000;
const LATEST_MS = 30_000;
const UTF8 = new TextDecoder();

/**
 * One MQTT 3.1.1 connection at a time, clean session, with a fresh session id each, and a last will that tells which
 * session died. A new client per attempt, because the will belongs to the connection.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  readonly #backoff = new Backoff(SOONEST_MS, LATEST_MS);
  #client: MqttClient | null = null;
  #session: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is meant for every device is heard unasked. */
  #groups: ReadonlySet<string> = new Set([EVERY_DEVICE]);
  #attempts = 0;
  #running = false;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** The session of the connection that stands; null while there is none. */
  get session(): string | null {
    return this.#session;
  }

  start(): void {
    this.#running = true;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    if (this.#session !== null) {
      const farewell = this.publish('presence', { v: 1, session: this.#session, online: false });
      await Promise.race([farewell, new Promise((resolve) => setTimeout(resolve, 500))]);
    }
    this.#session = null;
    this.#client?.end(true);
    this.#client = null;
  }

  /** The browser says that there is a network again: not worth waiting on. */
  tryNow(): void {
    if (!this.#running || this.#client !== null) return;
    this.#backoff.reset();
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** Resolves true when the broker took it; false when there is no link or it broke. Nothing is queued. */
  publish<K extends UpKind>(kind: K, message: UpMessage<K>): Promise<boolean> {
    const { qos, retain, maxBytes } = UP[kind];
    const payload = JSON.stringify(message);
    if (new TextEncoder().encode(payload).length > maxBytes) {
      return Promise.reject(new Error(`cannot publish a ${kind} of more than ${maxBytes} bytes`));
    }
    const client = this.#client;
    if (client === null || !client.connected) return Promise.resolve(false);
    return new Promise((resolve) => {
      client.publish(upTopic(this.#options.device, kind), payload, { qos, retain }, (error) =>
        resolve(!error),
      );
    });
  }

  /** The groups whose commands are to be heard; remembered for the next connection. */
  setGroups(groups: readonly string[]): void {
    const wanted = new Set([EVERY_DEVICE, ...groups]);
    const client = this.#client;
    if (client !== null && this.#session !== null) {
      for (const group of this.#groups) if (!wanted.has(group)) client.unsubscribe(groupTopic(group));
      for (const group of wanted)
        if (!this.#groups.has(group)) void this.#subscribe(client, groupTopic(group), 1);
    }
    this.#groups = wanted;
  }

  #connect(): void {
    const { device, credential, brokers } = this.#options;
    const url = brokers[this.#attempts % brokers.length];
    this.#attempts += 1;
    if (url === undefined) return;
    const session = ulid();
    const will = JSON.stringify({ v: 1, session, online: false });
    const client = mqtt.connect(url, {
      protocolVersion: 4,
      clientId: device,
      username: device,
      password: credential,
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: 15_000,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // No worker made of a blob: the page's policy allows none.
      timerVariant: 'native',
      will: { topic: upTopic(device, 'presence'), payload: will as never, qos: 1, retain: true },
    });
    this.#client = client;
    client.on('error', () => undefined);
    // Stamped at the socket: a message is told of only after some turns of the parser.
    let arrivedAt = performance.now();
    client.stream.prependListener('data', () => {
      arrivedAt = performance.now();
    });
    client.on('message', (topic, payload) => {
      if (client === this.#client) this.#handlers.message(topic, UTF8.decode(payload), arrivedAt);
    });
    client.on('connect', () => void this.#greet(client, session));
    client.once('close', () => this.#closed(client));
  }

  async #greet(client: MqttClient, session: string): Promise<void> {
    const { device } = this.#options;
    // Answers first, then what asks for them: a desired document must never come before its hearer is ready.
    const groups = this.#groups;
    const filters = [downTopic(device, 'tell'), downTopic(device, 'command'), ...[...groups].map(groupTopic)];
    await Promise.all(filters.map((filter) => this.#subscribe(client, filter, 1)));
    if (client !== this.#client || !client.connected) return;
    this.#session = session;
    // Groups that it was put in meanwhile.
    for (const group of this.#groups)
      if (!groups.has(group)) void this.#subscribe(client, groupTopic(group), 1);
    this.#backoff.reset();
    this.#attempts -= 1;
    await this.publish('presence', { v: 1, session, online: true });
    if (client !== this.#client || !client.connected) return;
    this.#handlers.connected(session);
    await this.#subscribe(client, HOST_STATE.topic, HOST_STATE.qos);
    await this.#subscribe(client, downTopic(device, 'desired'), DOWN.desired.qos);
  }

  /** A refused filter (a group this device is no longer in) is not worth the connection. */
  #subscribe(client: MqttClient, filter: string, qos: 0 | 1): Promise<boolean> {
    return new Promise((resolve) => {
      client.subscribe(filter, { qos }, (error, granted) => resolve(!error && granted?.[0]?.qos !== 128));
    });
  }

  #closed(client: MqttClient): void {
    client.end(true);
    if (client !== this.#client) return;
    this.#client = null;
    this.#session = null;
    this.#handlers.disconnected();
    if (this.#running) this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
  }
}
