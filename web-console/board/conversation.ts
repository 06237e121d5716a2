import { Account } from '#devices/account';
import { Acknowledgements } from '#devices/acknowledgements';
import type { DeviceClock } from '#devices/device-clock';
import type { Ack } from '#devices/messages/ack';
import type { Birth } from '#devices/messages/birth';
import type { Heartbeat } from '#devices/messages/heartbeat';
import { HostState } from '#devices/messages/host-state';
import { Tell } from '#devices/messages/tell';
import { downTopic, HOST_STATE } from '#devices/topics';
import type { EvidenceBook } from './evidence-book.ts';
import { Link, type LinkOptions } from './link.ts';
import { Postman } from './postman.ts';
import { Pulse } from './pulse.ts';
import { TimeExchange } from './time-exchange.ts';

export interface ConversationDesk {
  readonly link: LinkOptions;
  readonly clock: DeviceClock;
  readonly book: EvidenceBook;
  /** What the birth tells. */
  readonly facts: () => Omit<Birth, 'v' | 'session'>;
  /** What a heartbeat tells. */
  readonly account: (session: string) => Promise<Heartbeat>;
  /** What the controller signed, as it came. */
  readonly desired: (jws: string) => void;
  readonly command: (jws: string) => void;
  /** The clock was compared with the controller's, and moved by so much. */
  readonly clockSet: (stepMs: number) => void;
  /** There is a link, or there is none any more. */
  readonly onLink: (stands: boolean) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Everything that is said between the screen and its controller over the link: who it is, what time it is, how it does, what
 * it has shown, and what it is told. It begins anew with every connection, and is forgotten by none.
 */
export class Conversation {
  readonly #desk: ConversationDesk;
  readonly #link: Link;
  readonly #time: TimeExchange;
  readonly #acks: Acknowledgements;
  readonly #postman: Postman;
  readonly #pulse: Pulse;
  readonly #account = new Account();
  #epoch: string | null = null;
  /** The clock can be judged by: compared with the controller's, or trusted without. */
  readonly clockReady: Promise<void>;
  #resolveClock: () => void = () => undefined;

  constructor(desk: ConversationDesk) {
    this.#desk = desk;
    this.#link = new Link(desk.link, {
      connected: (session) => this.#connected(session),
      disconnected: () => this.#disconnected(),
      message: (topic, payload, arrivedAt) => this.#message(topic, payload, arrivedAt),
    });
    this.#time = new TimeExchange(
      desk.clock,
      (message) => void this.#link.publish('ask', message),
      (burst) => {
        const stepMs = desk.clock.learn(burst);
        if (stepMs === null) return;
        this.#resolveClock();
        desk.clockSet(stepMs);
      },
    );
    this.#acks = new Acknowledgements((ack) => this.#link.publish('ack', ack));
    this.#postman = new Postman(
      () => desk.book.outbox.nextBatch(),
      (batch) => void this.#link.publish('played', batch).catch(desk.onTrouble),
    );
    this.#pulse = new Pulse(() => void this.#beat().catch(desk.onTrouble));
    this.clockReady = new Promise((resolve) => {
      this.#resolveClock = resolve;
    });
  }

  start(): void {
    this.#link.start();
  }

  async stop(): Promise<void> {
    this.#pulse.stop();
    this.#time.stop();
    this.#postman.stop();
    await this.#link.stop();
  }

  /** The session of the connection that stands; null while there is none. */
  get session(): string | null {
    return this.#link.session;
  }

  /** There is nobody to compare with: the browser's own clock must do. */
  trustClock(): void {
    this.#resolveClock();
  }

  /** Something begins then, epoch ms: the clock is looked after before. */
  expect(nextAt: number): void {
    // To a board a tenth of a second is exact: what stands there needs no better clock than what begins.
    this.#time.expect({ nextAt, playing: false });
  }

  compareClock(): void {
    this.#time.soon();
  }

  setGroups(groups: readonly string[]): void {
    this.#link.setGroups(groups);
  }

  /** The browser says that there is a network again. */
  tryNow(): void {
    this.#link.tryNow();
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

  /** The board is another one than it was: a rectangle of another size. */
  introduce(): void {
    const { session } = this.#link;
    if (session === null) return;
    void this.#link.publish('birth', { v: 1, session, ...this.#desk.facts() });
    this.#account.begin();
    this.#pulse.soon();
  }

  #connected(session: string): void {
    void this.#link.publish('birth', { v: 1, session, ...this.#desk.facts() });
    this.#time.start();
    this.#postman.start();
    this.#account.begin();
    this.#pulse.start();
    void this.#acks.flush();
    this.#desk.onLink(true);
  }

  #disconnected(): void {
    this.#time.stop();
    this.#postman.stop();
    this.#pulse.stop();
    this.#desk.onLink(false);
  }

  #message(topic: string, payload: string, arrivedAt: number): void {
    const { device } = this.#desk.link;
    if (topic === downTopic(device, 'tell')) this.#told(payload, arrivedAt);
    else if (topic === HOST_STATE.topic) this.#hostState(payload);
    else if (topic === downTopic(device, 'desired')) this.#desk.desired(payload);
    else this.#desk.command(payload);
  }

  /** A controller that began anew knows nobody. */
  #hostState(payload: string): void {
    const state = HostState.safeParse(parse(payload));
    if (!state.success || !state.data.online) return;
    const { epoch } = state.data;
    const news = this.#epoch !== null && this.#epoch !== epoch;
    this.#epoch = epoch;
    const { session } = this.#link;
    if (!news || session === null) return;
    void this.#link.publish('presence', { v: 1, session, online: true });
    this.introduce();
    this.#postman.start();
  }

  #told(payload: string, arrivedAt: number): void {
    const tell = Tell.safeParse(parse(payload));
    if (!tell.success) return;
    const { data } = tell;
    if (data.type === 'time') this.#time.answered(data, arrivedAt);
    else if (data.type === 'how') {
      this.#account.begin();
      this.#pulse.now();
    } else {
      const { book, onTrouble } = this.#desk;
      book.recorded(data.boot, data.seq).then((gone) => this.#postman.recorded(gone), onTrouble);
    }
  }

  async #beat(): Promise<void> {
    const { session } = this.#link;
    if (session === null) return;
    const account = await this.#desk.account(session);
    const told = this.#account.next(account, this.#desk.clock.base.monotonicMs());
    if (told.kind === 'beat') await this.#link.publish('beat', told.message);
    else await this.#link.publish('heartbeat', told.message);
  }
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
