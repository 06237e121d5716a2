import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { Tell } from '#devices/messages/tell';
import {
  DOWN,
  type DownKind,
  downTopic,
  groupTopic,
  HOST_STATE,
  parseUpTopic,
  UP,
  type UpKind,
  type UpMessage,
  upFilter,
} from '#devices/topics';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';

export interface LinkDeps {
  /** Where the broker is, asked for at each start. */
  readonly account: () => { url: string; username?: string; password?: string };
  readonly clock: Clock;
  readonly log: Logger;
  /** A message that was not acted on, to be counted against the device. */
  readonly refused: (refusal: { device: string; reason: string; topic: string; detail: string }) => void;
}

export type UpHandler<K extends UpKind> = (
  device: string,
  message: UpMessage<K>,
  meta: { readonly receivedAt: number },
) => void | Promise<void>;
type AnyHandler = (
  device: string,
  message: never,
  meta: { readonly receivedAt: number },
) => void | Promise<void>;

const KINDS = Object.keys(UP) as UpKind[];
const FIRST_CONNECTION_MS = 15_000;
const FAREWELL_MS = 1_000;

/**
 * The controller's own end of the MQTT link. Everything that comes in is parsed here, once; what does not fit the
 * contract is refused and counted, and reaches nobody.
 */
export class Link implements Component {
  readonly #deps: LinkDeps;
  readonly #handlers = new Map<UpKind, AnyHandler[]>();
  readonly #onConnected = new Set<() => void>();
  #client: MqttClient | undefined;
  #epoch = '';

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** Whether messages go out now. What is said while it is false is not queued: the database tells it again. */
  get connected(): boolean {
    return this.#client?.connected === true && !this.#client.disconnecting;
  }

  /** New with each connection; makes every device introduce itself again. */
  get epoch(): string {
    return this.#epoch;
  }

  /** To be called before `start`. Handlers of one kind run in this order; each is free to fail. */
  on<K extends UpKind>(kind: K, handler: UpHandler<K>): void {
    this.#handlers.set(kind, [...(this.#handlers.get(kind) ?? []), handler as AnyHandler]);
  }

  /** Called whenever the link has come to stand, after the subscriptions. @returns a function that ends it. */
  onConnected(listener: () => void): () => void {
    this.#onConnected.add(listener);
    return () => this.#onConnected.delete(listener);
  }

  /** Waits for the first connection for a while; an external broker may come later, and is tried for ever. */
  async start(): Promise<void> {
    const { url, username, password } = this.#deps.account();
    this.#epoch = ulid();
    const client = mqtt.connect(url, {
      protocolVersion: 4,
      clean: true,
      clientId: username ?? `loa-controller-${ulid().slice(-8).toLowerCase()}`,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      keepalive: 30,
      connectTimeout: 10_000,
      reconnectPeriod: 1_000,
      resubscribe: false,
      queueQoSZero: false,
      will: this.#will(),
    });
    this.#client = client;
    client.on('message', (topic, payload) => this.#heard(topic, payload));
    let told = false;
    client.on('error', (error) => {
      // Once per outage: it is tried every second.
      if (!told) this.#deps.log.warn({ err: error }, 'the broker cannot be reached; trying on');
      told = true;
    });
    // The will belongs to the connection: each has an epoch of its own.
    client.on('reconnect', () => {
      this.#epoch = ulid();
      client.options.will = this.#will();
    });
    client.on('close', () => this.#deps.log.debug('the link to the broker is down'));
    const first = new Promise<void>((resolve) => {
      client.on('connect', () => {
        told = false;
        void this.#greet(client).then(resolve, (error: unknown) => {
          this.#deps.log.error({ err: error }, 'the broker took the connection, but not the subscriptions');
          client.stream.destroy();
        });
      });
    });
    await Promise.race([first, after(FIRST_CONNECTION_MS)]);
  }

  async stop(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    if (client.connected) {
      // With a proper goodbye the broker does not publish the last will on top of it.
      const farewell = this.#publishHostState(client, false).then(() => client.endAsync());
      await Promise.race([farewell, after(FAREWELL_MS)]).catch(() => {});
    }
    if (!client.disconnected) await client.endAsync(true);
  }

  /** @returns whether the broker took it. Not what a device has: that is in its acknowledgement. */
  publishDesired(device: string, jws: string): Promise<boolean> {
    return this.#publish(downTopic(device, 'desired'), 'desired', jws);
  }

  /** Removes the retained document of a device that is no more. */
  clearDesired(device: string): Promise<boolean> {
    return this.#publish(downTopic(device, 'desired'), 'desired', '');
  }

  /** Offers firmware. Retained, so that a device which is away finds it when it comes back. */
  publishFirmware(device: string, jws: string): Promise<boolean> {
    return this.#publish(downTopic(device, 'firmware'), 'firmware', jws);
  }

  /** Calls an offer off. */
  clearFirmware(device: string): Promise<boolean> {
    return this.#publish(downTopic(device, 'firmware'), 'firmware', '');
  }

  sendCommand(device: string, jws: string): Promise<boolean> {
    return this.#publish(downTopic(device, 'command'), 'command', jws);
  }

  sendGroupCommand(group: string, jws: string): Promise<boolean> {
    return this.#publish(groupTopic(group), 'command', jws);
  }

  tell(device: string, tell: Tell): Promise<boolean> {
    return this.#publish(
      downTopic(device, 'tell'),
      'tell',
      JSON.stringify(tell),
      tell.type === 'time' ? 0 : 1,
    );
  }

  #publish(topic: string, kind: DownKind, payload: string, qos: 0 | 1 = DOWN[kind].qos): Promise<boolean> {
    const client = this.#client;
    if (client === undefined || !this.connected) return Promise.resolve(false);
    if (payload.length > DOWN[kind].maxBytes) {
      throw new Error(
        `cannot publish ${payload.length} bytes to ${topic}: ${DOWN[kind].maxBytes} are allowed`,
      );
    }
    return new Promise((resolve) => {
      client.publish(topic, payload, { qos, retain: DOWN[kind].retain }, (error) => resolve(!error));
    });
  }

  async #greet(client: MqttClient): Promise<void> {
    const filters = Object.fromEntries(KINDS.map((kind) => [upFilter(kind), { qos: UP[kind].qos }]));
    const granted = await client.subscribeAsync(filters);
    const denied = granted.filter(({ qos }) => qos > 2).map(({ topic }) => topic);
    if (denied.length > 0) throw new Error(`the broker denies ${denied.join(', ')}`);
    await this.#publishHostState(client, true);
    this.#deps.log.info({ epoch: this.#epoch }, 'the link to the broker stands');
    for (const listener of this.#onConnected) listener();
  }

  #publishHostState(client: MqttClient, online: boolean): Promise<unknown> {
    const { topic, qos, retain } = HOST_STATE;
    return client.publishAsync(topic, this.#hostState(online), { qos, retain });
  }

  #hostState(online: boolean): string {
    return JSON.stringify(HOST_STATE.schema.parse({ v: 1, epoch: this.#epoch, online }));
  }

  #will() {
    const { topic, qos, retain } = HOST_STATE;
    return { topic, payload: Buffer.from(this.#hostState(false)), qos, retain };
  }

  #heard(topic: string, payload: Buffer): void {
    const receivedAt = this.#deps.clock.now();
    const address = parseUpTopic(topic);
    // A retained message that was deleted; and, from a broker without our rules, what is nobody's.
    if (address === null || payload.length === 0) return;
    const { device, kind } = address;
    const { maxBytes, schema } = UP[kind];
    if (payload.length > maxBytes) {
      this.#deps.refused({ device, reason: 'oversized', topic, detail: `${payload.length} bytes` });
      return;
    }
    const message = schema.safeParse(parseJson(payload));
    if (!message.success) {
      const issue = message.error.issues[0];
      const detail = `${issue?.path.join('.') || 'the message'}: ${issue?.message ?? 'not valid'}`;
      this.#deps.refused({ device, reason: 'malformed', topic, detail });
      return;
    }
    if (kind === 'ask') this.#answerTime(device, message.data as UpMessage<'ask'>, receivedAt);
    for (const handler of this.#handlers.get(kind) ?? []) {
      void this.#run(handler, device, kind, message.data as never, receivedAt);
    }
  }

  /** Only behind an external broker: the embedded one answers in its own thread. */
  #answerTime(device: string, { id, t1 }: UpMessage<'ask'>, t2: number): void {
    void this.tell(device, { v: 1, type: 'time', id, t1, t2, t3: this.#deps.clock.now() });
  }

  async #run(
    handler: AnyHandler,
    device: string,
    kind: UpKind,
    message: never,
    receivedAt: number,
  ): Promise<void> {
    try {
      await handler(device, message, { receivedAt });
    } catch (error) {
      this.#deps.log.error({ err: error, device, kind }, 'a message could not be handled');
    }
  }
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}
