import { Account } from '#devices/account';
import { Acknowledgements } from '#devices/acknowledgements';
import type { Ack } from '#devices/messages/ack';
import { Tell as TellMessage } from '#devices/messages/tell';
import type { Outlook } from '#devices/time-cadence';
import { downTopic, HOST_STATE } from '#devices/topics';
import { cableOf } from './cable.ts';
import { keepClock } from './clock-memory.ts';
import { type HeartbeatMessage, Pulse } from './heartbeat.ts';
import { type Facts, Introduction } from './introduction.ts';
import { Link, type Session } from './link.ts';
import type { Outbox } from './outbox.ts';
import { Postman } from './postman.ts';
import type { Powered } from './powered.ts';
import { TimeExchange } from './time-exchange.ts';

/** Heartbeats keep the line open; a ping tells the device that somebody is still there to hear them. */
export const KEEPALIVE_S = 120;

export interface ConversationDesk {
  readonly powered: Powered;
  readonly outbox: Outbox;
  /** What the birth tells. */
  readonly facts: () => Facts;
  /** What a heartbeat tells; null while there is nothing to tell of. */
  readonly account: (session: Session) => Promise<HeartbeatMessage | null>;
  /** What the controller signed, as it came. */
  readonly desired: (payload: Buffer) => void;
  readonly command: (payload: Buffer) => void;
  readonly firmware: (payload: Buffer) => void;
  /** The clock was compared with the controller's, and moved by so much. */
  readonly clockSet: (stepMs: number) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Everything that is said between a device and its controller over the link: who it is, what time it is, how it does,
 * what it has played, and what it is told. It begins anew with every connection, and is forgotten by none.
 */
export class Conversation {
  readonly #desk: ConversationDesk;
  readonly #id: string;
  readonly #link: Link;
  readonly #time: TimeExchange;
  readonly #acks: Acknowledgements;
  readonly #postman: Postman;
  readonly #pulse: Pulse;
  readonly #account = new Account();
  readonly #introduction: Introduction;
  /** Since when there has been no connection, by the monotonic clock, ms. */
  #unlinkedAt: number;
  readonly #clockReady: { readonly promise: Promise<void>; readonly resolve: () => void };

  constructor(desk: ConversationDesk) {
    const { options, pairing, clock } = desk.powered;
    this.#desk = desk;
    this.#id = pairing.device;
    this.#unlinkedAt = clock.base.monotonicMs();
    const { device, credential, brokers } = pairing;
    this.#link = new Link(
      {
        device,
        credential,
        brokers,
        reconnect: options.reconnect,
        keepaliveS: KEEPALIVE_S,
        ca: options.ca,
        cable: cableOf(options.dir),
        now: () => clock.base.monotonicMs(),
      },
      {
        connected: (session) => this.#connected(session),
        disconnected: (why) => this.#disconnected(why),
        message: (topic, payload, arrivedAt) => this.#message(topic, payload, arrivedAt),
      },
    );
    this.#time = new TimeExchange(
      clock,
      (message) => void this.#link.publish('ask', message),
      (burst) => {
        const stepMs = clock.learn(burst);
        if (stepMs === null) return;
        this.#clockReady.resolve();
        void keepClock(options.dir, clock).catch(() => undefined);
        options.onEvent({ type: 'clock', offsetMs: clock.wallOffsetMs, errorMs: clock.errorMs });
        desk.clockSet(stepMs);
      },
    );
    this.#acks = new Acknowledgements((ack) => this.#link.publish('ack', ack));
    this.#postman = new Postman(desk.outbox, (batch) => this.#link.publish('played', batch));
    this.#pulse = new Pulse(options.heartbeatMs, () => this.#beat().catch(desk.onTrouble));
    this.#introduction = new Introduction(
      desk.facts,
      (birth) => void this.#link.publish('birth', birth),
      (session) => {
        void this.#link.publish('presence', { v: 1, session, online: true });
        this.#account.begin();
        this.#pulse.soon();
        this.#postman.start();
      },
    );
    let resolve = (): void => undefined;
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#clockReady = { promise, resolve };
  }

  start(): void {
    this.#link.start();
  }

  async stop(): Promise<void> {
    this.#pulse.stop();
    this.#time.stop();
    this.#postman.stop();
    // What became of an order is worth a moment, when somebody is there to hear it.
    const farewell = new Promise((resolve) => setTimeout(resolve, 500).unref());
    await Promise.race([this.#acks.flush(), farewell]);
    await this.#link.stop();
    this.#clockReady.resolve();
  }

  /** For how long there has been no connection, ms; 0 while there is one. */
  get unlinkedMs(): number {
    if (this.#link.session !== null) return 0;
    return this.#desk.powered.clock.base.monotonicMs() - this.#unlinkedAt;
  }

  /** The session of the connection that stands; null while there is none. */
  get session(): Session | null {
    return this.#link.session;
  }

  /** Resolves when the clock can be judged by: compared with the controller's, or trusted without. */
  clockReady(): Promise<void> {
    return this.#clockReady.promise;
  }

  /** There is nobody to compare with: the device's own clock must do. */
  trustClock(): void {
    this.#clockReady.resolve();
  }

  /** What the device expects to do: its clock is looked after for that. */
  expect(outlook: Outlook): void {
    this.#time.expect(outlook);
  }

  /** Something is to be done together very soon: the clock is compared now. */
  compareClock(): void {
    this.#time.soon();
  }

  setGroups(groups: readonly string[]): void {
    this.#link.setGroups(groups);
  }

  acknowledge(ack: Ack): void {
    this.#acks.say(ack);
  }

  /** Something worth telling changed: the next heartbeat comes soon. */
  beatSoon(): void {
    this.#pulse.soon();
  }

  /** There is a new record in the outbox. */
  recorded(): void {
    this.#postman.nudge();
  }

  #connected(session: Session): void {
    this.#desk.powered.options.onEvent({ type: 'connected', session });
    this.#introduction.connected(session);
    this.#time.start();
    this.#postman.start();
    this.#account.begin();
    this.#pulse.start();
    void this.#acks.flush();
  }

  #disconnected(why: string): void {
    this.#unlinkedAt = this.#desk.powered.clock.base.monotonicMs();
    this.#introduction.disconnected();
    this.#time.stop();
    this.#postman.stop();
    this.#pulse.stop();
    this.#desk.powered.options.onEvent({ type: 'disconnected', why });
  }

  #message(topic: string, payload: Buffer, arrivedAt: number): void {
    if (topic === downTopic(this.#id, 'tell')) this.#told(payload, arrivedAt);
    else if (topic === HOST_STATE.topic) this.#introduction.hostState(parse(payload));
    else if (topic === downTopic(this.#id, 'desired')) this.#desk.desired(payload);
    else if (topic === downTopic(this.#id, 'firmware')) this.#desk.firmware(payload);
    else this.#desk.command(payload);
  }

  #told(payload: Buffer, arrivedAt: number): void {
    const tell = TellMessage.safeParse(parse(payload));
    if (!tell.success) return;
    if (tell.data.type === 'time') this.#time.answered(tell.data, arrivedAt);
    else if (tell.data.type === 'how') {
      this.#account.begin();
      this.#pulse.now();
    } else this.#postman.recorded(tell.data.boot, tell.data.seq).catch(this.#desk.onTrouble);
  }

  async #beat(): Promise<void> {
    const { session } = this.#link;
    const account = session === null ? null : await this.#desk.account(session);
    if (account === null) return;
    const told = this.#account.next(account, this.#desk.powered.clock.base.monotonicMs());
    if (told.kind === 'beat') await this.#link.publish('beat', told.message);
    else await this.#link.publish('heartbeat', told.message);
  }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}
