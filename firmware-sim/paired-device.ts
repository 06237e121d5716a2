import { createHash } from 'node:crypto';
import { type CryptoKey, importJWK } from 'jose';
import type { Capabilities, Settings } from '#devices/kind';
import { Tell as TellMessage } from '#devices/messages/tell';
import { downTopic, HOST_STATE } from '#devices/topics';
import { Acknowledgements } from './acknowledgements.ts';
import type { Board } from './board/board.ts';
import { Cache } from './cache.ts';
import type { DeviceClock } from './clock.ts';
import { keepCorrection } from './clock-memory.ts';
import { Conductor } from './conductor.ts';
import { type DesiredBody, DesiredState } from './desired-state.ts';
import { EvidenceBook } from './evidence-book.ts';
import { EvidencePost } from './evidence-post.ts';
import { Faults } from './faults.ts';
import { Pulse } from './heartbeat.ts';
import type { Identity } from './identity.ts';
import { Introduction } from './introduction.ts';
import { Link } from './link.ts';
import { makePerformer } from './make-performer.ts';
import { obey } from './obey.ts';
import { FIRMWARE, type FullOptions, rootOf } from './options.ts';
import { Orders } from './orders.ts';
import { Outbox } from './outbox.ts';
import type { Pairing } from './pairing.ts';
import { PlanKeeper } from './plan-keeper.ts';
import { PlanStore } from './plan-store.ts';
import { Postman } from './postman.ts';
import { SeenCommands } from './seen-commands.ts';
import type { Speaker } from './speaker/speaker.ts';
import { TimeExchange } from './time-exchange.ts';
import { vitalSigns } from './vital-signs.ts';

export interface Powered {
  readonly options: FullOptions;
  readonly capabilities: Capabilities;
  readonly pairing: Pairing;
  readonly identity: Identity;
  readonly boot: number;
  readonly clock: DeviceClock;
}

const FACTORY_SETTINGS: Settings = { volume: 80, muted: false, brightness: 80, outputDelayMs: 0 };

/** A device that belongs to a controller: every part of it, and what they say to each other. */
export class PairedDevice {
  readonly #powered: Powered;
  readonly #id: string;
  readonly #http: string;
  readonly #bearer: string;
  readonly #cache: Cache;
  readonly #outbox: Outbox;
  readonly #book: EvidenceBook;
  readonly #state: DesiredState;
  readonly #seen: SeenCommands;
  readonly #faults: Faults;
  readonly #link: Link;
  readonly #time: TimeExchange;
  readonly #acks: Acknowledgements;
  readonly #postman: Postman;
  readonly #pulse: Pulse;
  readonly #introduction: Introduction;
  readonly #evidence: EvidencePost;
  readonly #clockReady: { readonly promise: Promise<void>; readonly resolve: () => void };
  #running: Running | null = null;
  readonly #bornAt: number;

  constructor(powered: Powered) {
    const { options, pairing, boot, clock } = powered;
    const { dir, onEvent } = options;
    this.#powered = powered;
    this.#bornAt = clock.base.monotonicMs();
    this.#id = pairing.device;
    this.#http = rootOf(pairing.http);
    this.#bearer = `${pairing.device}.${pairing.credential}`;
    this.#faults = new Faults(() => clock.base.monotonicMs());
    this.#cache = new Cache(dir);
    this.#outbox = new Outbox(dir, boot);
    this.#book = new EvidenceBook(
      dir,
      this.#outbox,
      clock,
      (record) => {
        onEvent({ type: 'record', record });
        this.#postman.nudge();
      },
      (detail) => this.#fault('evidence-failed', detail),
    );
    this.#state = new DesiredState(dir);
    this.#seen = new SeenCommands(dir);
    this.#evidence = new EvidencePost({
      dir,
      http: this.#http,
      bearer: this.#bearer,
      onTrouble: (detail) => this.#fault('evidence-refused', detail),
    });
    const { device, credential, brokers } = pairing;
    this.#link = new Link(
      { device, credential, brokers, reconnect: options.reconnect, keepaliveS: 30 },
      {
        connected: (session) => this.#connected(session),
        disconnected: (why) => this.#disconnected(why),
        message: (topic, payload) => this.#message(topic, payload),
      },
    );
    this.#time = new TimeExchange(
      clock,
      (message) => void this.#link.publish('ask', message),
      (estimate) => {
        const before = clock.now();
        clock.adopt(estimate);
        const stepMs = clock.now() - before;
        this.#clockReady.resolve();
        void keepCorrection(dir, -clock.wallOffsetMs).catch(() => undefined);
        onEvent({ type: 'clock', offsetMs: clock.wallOffsetMs, errorMs: clock.errorMs });
        this.#running?.conductor.clockSet(stepMs);
      },
    );
    this.#acks = new Acknowledgements((ack) => this.#link.publish('ack', ack));
    this.#postman = new Postman(this.#outbox, (batch) => this.#link.publish('played', batch));
    this.#pulse = new Pulse(options.heartbeatMs, () =>
      this.#beat().catch((error: unknown) => this.#trouble(error)),
    );
    this.#introduction = new Introduction(
      () => this.#facts(),
      (birth) => void this.#link.publish('birth', birth),
      (session) => {
        void this.#link.publish('presence', { v: 1, session, online: true });
        this.#postman.start();
      },
    );
    let resolve = (): void => undefined;
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#clockReady = { promise, resolve };
  }

  async start(): Promise<void> {
    const { options, pairing, clock } = this.#powered;
    const bootAt = clock.now();
    const controllerKey = (await importJWK({ ...pairing.controllerKey }, 'EdDSA')) as CryptoKey;
    const plans = new PlanStore(options.dir, controllerKey, () => clock.now());
    await Promise.all([plans.open(), this.#cache.open(), this.#outbox.open(), this.#seen.open()]);
    await this.#state.open(controllerKey, this.#id);
    await this.#book.open();
    await this.#evidence.start();
    const performer = await makePerformer(options, {
      clock,
      cache: this.#cache,
      settings: () => this.#settings,
      evidence: this.#evidence,
      fault: (what, detail) => this.#fault(what, detail),
    });
    const conductor = new Conductor({
      clock,
      performer,
      book: this.#book,
      armAheadMs: 3_000 + spreadOf(this.#id) * 9_000,
      verify: (occurrence) => keeper.verify(occurrence.parts.map((part) => part.sha256)),
      bootAt,
      onAirChanged: () => this.#pulse.soon(),
    });
    const keeper: PlanKeeper = new PlanKeeper({
      http: this.#http,
      bearer: this.#bearer,
      retry: options.downloadRetry,
      clock,
      cache: this.#cache,
      plans,
      conductor,
      state: this.#state,
      ack: (ack) => this.#acks.say(ack),
      onEvent: options.onEvent,
      fault: (what, detail) => this.#fault(what, detail),
      onReady: () => this.#pulse.soon(),
    });
    const orders = this.#orders(controllerKey);
    this.#running = { performer, conductor, keeper, orders };
    performer.start();
    await keeper.start();
    this.#link.setGroups(this.#state.governing?.body.groups ?? []);
    this.#link.start();
    // The first decision waits a little for the true time: a battery clock that is wrong must not end the day's plan.
    const patience = setTimeout(() => this.#clockReady.resolve(), options.clockPatienceMs);
    void this.#clockReady.promise.then(() => {
      clearTimeout(patience);
      if (this.#running?.conductor === conductor) conductor.start();
    });
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    this.#pulse.stop();
    this.#time.stop();
    await running?.keeper.stop();
    await running?.conductor.stop();
    await running?.performer.stop();
    await this.#book.written();
    this.#postman.stop();
    await this.#evidence.stop();
    await this.#link.stop();
    this.#clockReady.resolve();
    await this.#outbox.close();
  }

  get #settings(): Settings {
    return this.#state.governing?.body.settings ?? FACTORY_SETTINGS;
  }

  #orders(controllerKey: CryptoKey): Orders {
    const { options, clock } = this.#powered;
    return new Orders({
      device: this.#id,
      controllerKey,
      state: this.#state,
      seen: this.#seen,
      now: () => clock.now(),
      clockReady: () => this.#clockReady.promise,
      ack: (ack) => this.#acks.say(ack),
      onTrouble: (error) => this.#trouble(error),
      onRefused: (subject, reason) => options.onEvent({ type: 'refused', subject, reason }),
      onDesired: (body) => this.#desired(body),
      onCommand: async (body) => {
        if (this.#running === null) return;
        const { conductor, performer } = this.#running;
        await obey(body, { conductor, performer, evidence: this.#evidence, onEvent: options.onEvent });
      },
    });
  }

  #connected(session: string): void {
    this.#powered.options.onEvent({ type: 'connected', session });
    this.#introduction.connected(session);
    this.#time.start();
    this.#postman.start();
    this.#pulse.start();
    void this.#acks.flush();
  }

  #disconnected(why: string): void {
    this.#introduction.disconnected();
    this.#time.stop();
    this.#postman.stop();
    this.#pulse.stop();
    this.#powered.options.onEvent({ type: 'disconnected', why });
  }

  #message(topic: string, payload: Buffer): void {
    const arrivedAt = this.#powered.clock.base.monotonicMs();
    if (topic === downTopic(this.#id, 'tell')) this.#told(payload, arrivedAt);
    else if (topic === HOST_STATE.topic) this.#introduction.hostState(parse(payload));
    else if (topic === downTopic(this.#id, 'desired')) this.#running?.orders.desired(payload);
    else this.#running?.orders.command(payload);
  }

  #told(payload: Buffer, arrivedAt: number): void {
    const tell = TellMessage.safeParse(parse(payload));
    if (!tell.success) return;
    if (tell.data.type === 'time') this.#time.answered(tell.data, arrivedAt);
    else
      this.#postman.recorded(tell.data.boot, tell.data.seq).catch((error: unknown) => this.#trouble(error));
  }

  #facts() {
    const { options, capabilities, identity, boot } = this.#powered;
    const { model, serial } = identity;
    const versions = { desiredRevision: this.#state.revision, plan: this.#running?.keeper.version ?? null };
    return { kind: options.kind, model, serial, firmware: FIRMWARE, boot, capabilities, ...versions };
  }

  #desired(body: DesiredBody): void {
    const running = this.#running;
    if (running === null) return;
    this.#link.setGroups(body.groups);
    const { volume } = body.settings;
    this.#powered.options.onEvent({ type: 'settings', revision: body.revision, volume });
    running.keeper.desired(body.plan).catch((error: unknown) => this.#trouble(error));
  }

  async #beat(): Promise<void> {
    const { session } = this.#link;
    const running = this.#running;
    if (session === null || running === null) return;
    const { clock, options } = this.#powered;
    const { keeper, conductor } = running;
    const body = {
      ...{ options, clock, keeper, conductor, state: this.#state, settings: this.#settings },
      ...{ outbox: this.#outbox, faults: this.#faults, bornAt: this.#bornAt },
    };
    await this.#link.publish('heartbeat', await vitalSigns(body, session));
  }

  /** Mostly a disk that is full or gone: told, and gone on without. */
  #trouble(error: unknown): void {
    this.#fault('storage-failed', error instanceof Error ? error.message : String(error));
  }

  #fault(what: string, detail: string): void {
    this.#faults.note(what);
    this.#powered.options.onEvent({ type: 'fault', what, detail });
  }
}

interface Running {
  readonly performer: Speaker | Board;
  readonly conductor: Conductor;
  readonly keeper: PlanKeeper;
  readonly orders: Orders;
}

/** A number in [0, 1) that is this device's own, so that a village does not do the same work in the same instant. */
const spreadOf = (device: string): number =>
  createHash('sha256').update(device).digest().readUInt16BE(0) / 65_536;

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}
