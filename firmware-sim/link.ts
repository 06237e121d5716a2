import mqtt, { type MqttClient } from 'mqtt';
import { ulid } from 'ulid';
import type { z } from 'zod';
import type { Ulid } from '#devices/primitives';
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
import { Backoff } from './backoff.ts';
import type { Cable } from './cable.ts';
import { trusting } from './trust.ts';

export type Session = z.infer<typeof Ulid>;

export interface LinkOptions {
  readonly device: string;
  readonly credential: string;
  /** Best first; the next one is tried when one fails. */
  readonly brokers: readonly string[];
  readonly reconnect: { readonly minMs: number; readonly maxMs: number };
  readonly keepaliveS: number;
  /** An authority to be trusted beside the well-known ones, PEM. */
  readonly ca?: string | undefined;
  /** What a script of faults may pull out. */
  readonly cable?: Cable | undefined;
  /** The counter by which the arrival of messages is stamped. */
  readonly now: () => number;
}

export interface LinkHandlers {
  /** Subscribed and announced as online. */
  connected(session: Session): void;
  disconnected(why: string): void;
  /** @param arrivedAt when its bytes came in, by {@link LinkOptions.now}. */
  message(topic: string, payload: Buffer, arrivedAt: number): void;
}

/**
 * One MQTT 3.1.1 connection at a time, clean session, with a fresh session id each, and a last will that tells
 * which session died. A new client per attempt, because the will belongs to the connection.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  readonly #backoff: Backoff;
  #client: MqttClient | null = null;
  #session: Session | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** What is meant for every device is heard unasked. */
  #groups: ReadonlySet<string> = new Set([EVERY_DEVICE]);
  #attempts = 0;
  #running = false;
  #unplugged: (() => void) | undefined;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#backoff = new Backoff(options.reconnect.minMs, options.reconnect.maxMs);
  }

  /** The session of the connection that stands; null while there is none. */
  get session(): Session | null {
    return this.#session;
  }

  start(): void {
    this.#running = true;
    this.#unplugged = this.#options.cable?.onCut(() => this.#client?.stream.destroy());
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#unplugged?.();
    clearTimeout(this.#timer);
    const client = this.#client;
    if (client === null) return;
    if (this.#session !== null) {
      const farewell = this.publish('presence', { v: 1, session: this.#session, online: false });
      await Promise.race([farewell, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
    }
    this.#session = null;
    this.#client = null;
    await new Promise<void>((resolve) => client.end(true, {}, () => resolve()));
  }

  /** Resolves true when the broker took it; false when there is no link or it broke. Nothing is queued. */
  publish<K extends UpKind>(kind: K, message: UpMessage<K>): Promise<boolean> {
    const { qos, retain, maxBytes } = UP[kind];
    const payload = Buffer.from(JSON.stringify(message));
    if (payload.length > maxBytes) {
      throw new Error(`cannot publish a ${kind} of ${payload.length} bytes: ${maxBytes} are allowed`);
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
    const { device, credential, brokers, keepaliveS, now, ca } = this.#options;
    if (this.#options.cable?.cut === true) {
      this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
      return;
    }
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
      keepalive: keepaliveS,
      ...(ca === undefined ? {} : { ca: trusting(ca) }),
      connectTimeout: 15_000,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: upTopic(device, 'presence'), payload: Buffer.from(will), qos: 1, retain: true },
    });
    this.#client = client;
    let why = 'the connection closed';
    client.on('error', (error) => {
      why = error.message || why;
    });
    // Stamped at the socket: a message is told of only after some turns of the parser.
    let arrivedAt = now();
    client.stream.prependListener('data', () => {
      arrivedAt = now();
    });
    client.on('message', (topic, payload) => {
      if (client === this.#client) this.#handlers.message(topic, payload, arrivedAt);
    });
    client.on('connect', () => void this.#greet(client, session));
    client.once('close', () => this.#closed(client, why));
  }

  async #greet(client: MqttClient, session: Session): Promise<void> {
    const { device } = this.#options;
    // Answers first, then what asks for them: a desired document must never come before its hearer is ready.
    const filters = [downTopic(device, 'tell'), downTopic(device, 'command')];
    const groups = this.#groups;
    for (const group of groups) filters.push(groupTopic(group));
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
    await this.#subscribe(client, downTopic(device, 'firmware'), DOWN.firmware.qos);
  }

  /** A refused filter (a group this device is no longer in) is not worth the connection. */
  #subscribe(client: MqttClient, filter: string, qos: 0 | 1): Promise<boolean> {
    return new Promise((resolve) => {
      client.subscribe(filter, { qos }, (error, granted) => resolve(!error && granted?.[0]?.qos !== 128));
    });
  }

  #closed(client: MqttClient, why: string): void {
    client.end(true);
    if (client !== this.#client) return;
    const stood = this.#session !== null;
    this.#client = null;
    this.#session = null;
    if (stood || this.#attempts === 1) this.#handlers.disconnected(why);
    if (!this.#running) return;
    this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
  }
}
