import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type CryptoKey, importJWK } from 'jose';
import type { z } from 'zod';
import type { Capabilities, Settings } from '#devices/kind';
import type { Command } from '#devices/messages/command';
import { HostState } from '#devices/messages/host-state';
import { Tell as TellMessage } from '#devices/messages/tell';
import type { Plan } from '#devices/plan';
import { downTopic, HOST_STATE } from '#devices/topics';
import { Acknowledgements } from './acknowledgements.ts';
import { Board } from './board/board.ts';
import { Cache } from './cache.ts';
import type { DeviceClock } from './clock.ts';
import { keepCorrection } from './clock-memory.ts';
import { Conductor } from './conductor.ts';
import { type DesiredBody, DesiredState } from './desired-state.ts';
import { EvidenceBook } from './evidence-book.ts';
import { EvidencePost } from './evidence-post.ts';
import { Faults } from './faults.ts';
import { Pulse, storageOf } from './heartbeat.ts';
import type { Identity } from './identity.ts';
import { Link } from './link.ts';
import { FIRMWARE, type FullOptions, rootOf } from './options.ts';
import { Orders } from './orders.ts';
import { Outbox } from './outbox.ts';
import type { Pairing } from './pairing.ts';
import { PlanStore } from './plan-store.ts';
import { Postman } from './postman.ts';
import { SeenCommands } from './seen-commands.ts';
import { ffmpegDecoder, silentDecoder } from './speaker/decoder.ts';
import { findFfmpeg } from './speaker/ffmpeg.ts';
import { Speaker } from './speaker/speaker.ts';
import { type Pointer, Sync } from './sync.ts';
import { TimeExchange } from './time-exchange.ts';
import { makeDirectory } from './whole-file.ts';

export interface Powered {
  readonly options: FullOptions;
  readonly capabilities: Capabilities;
  readonly pairing: Pairing;
  readonly identity: Identity;
  readonly boot: number;
  readonly clock: DeviceClock;
}

const FACTORY_SETTINGS: Settings = { volume: 80, muted: false, brightness: 80, outputDelayMs: 0 };
const NO_PLAN: Plan = { v: 1, validFrom: 0, validUntil: 0, occurrences: [], blobs: [] };

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
  readonly #evidence: EvidencePost;
  readonly #clockReady: { readonly promise: Promise<void>; readonly resolve: () => void };
  #running: Running | null = null;
  #held: { plan: Plan; pointer: Pointer } | null = null;
  #epoch: string | null = null;
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
    this.#pulse = new Pulse(options.heartbeatMs, () => void this.#beat());
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
    const performer = await this.#performer();
    const conductor = new Conductor({
      clock,
      performer,
      book: this.#book,
      armAheadMs: 3_000 + spreadOf(this.#id) * 9_000,
      verify: (occurrence) => this.#verify(occurrence.parts.map((part) => part.sha256)),
      bootAt,
      onAirChanged: () => this.#pulse.soon(),
    });
    const sync = new Sync({
      http: this.#http,
      bearer: this.#bearer,
      cache: this.#cache,
      plans,
      retry: options.downloadRetry,
      onWhole: (plan, pointer) => this.#whole(plan, pointer),
      onRefused: (reason, pointer) => this.#planRefused(reason, pointer),
      onTrouble: (detail) => this.#fault('download-failed', detail),
    });
    const orders = this.#orders(controllerKey);
    this.#running = { performer, conductor, sync, plans, orders };
    performer.start();
    const held = await plans.held();
    if (held !== null) {
      const missing = await this.#cache.missing(held.plan.blobs);
      this.#held = held;
      conductor.adopt(held.plan, held.heldAt);
      options.onEvent(planEvent(held.plan, held.pointer));
      if (missing.length > 0) sync.aim(held.pointer);
    }
    const wanted = this.#state.governing?.body;
    if (wanted !== undefined) this.#link.setGroups(wanted.groups);
    if (wanted?.plan && wanted.plan.sha256 !== held?.pointer.sha256) sync.aim(wanted.plan);
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
    await running?.sync.stop();
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

  async #performer(): Promise<Speaker | Board> {
    const { options, clock } = this.#powered;
    const { kind, dir, panel, wav, decoder } = options;
    const common = {
      clock,
      cache: this.#cache,
      settings: () => this.#settings,
      fault: (what: string, detail: string) => this.#fault(what, detail),
    };
    if (kind === 'board') return new Board({ ...common, panel, evidence: this.#evidence });
    const wavDir = wav ? join(dir, 'wav') : null;
    if (wavDir !== null) await makeDirectory(wavDir);
    const openDecoder =
      decoder === 'silent' ? silentDecoder : ffmpegDecoder(await findFfmpeg(options.ffmpeg));
    return new Speaker({ ...common, wavDir, openDecoder });
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
      onRefused: (subject, reason) => options.onEvent({ type: 'refused', subject, reason }),
      onDesired: (body) => this.#desired(body),
      onCommand: (body) => this.#command(body),
    });
  }

  #connected(session: string): void {
    this.#powered.options.onEvent({ type: 'connected', session });
    this.#birth(session);
    this.#time.start();
    this.#postman.start();
    this.#pulse.start();
    void this.#acks.flush();
  }

  #disconnected(why: string): void {
    this.#time.stop();
    this.#postman.stop();
    this.#pulse.stop();
    this.#powered.options.onEvent({ type: 'disconnected', why });
  }

  #message(topic: string, payload: Buffer): void {
    const arrivedAt = this.#powered.clock.base.monotonicMs();
    if (topic === downTopic(this.#id, 'tell')) this.#told(payload, arrivedAt);
    else if (topic === HOST_STATE.topic) this.#hostState(payload);
    else if (topic === downTopic(this.#id, 'desired')) this.#running?.orders.desired(payload);
    else this.#running?.orders.command(payload);
  }

  #told(payload: Buffer, arrivedAt: number): void {
    const tell = TellMessage.safeParse(parse(payload));
    if (!tell.success) return;
    if (tell.data.type === 'time') this.#time.answered(tell.data, arrivedAt);
    else void this.#postman.recorded(tell.data.boot, tell.data.seq);
  }

  /** A new epoch means a controller that forgot us: it must hear again who we are. */
  #hostState(payload: Buffer): void {
    const state = HostState.safeParse(parse(payload));
    if (!state.success) return;
    const { epoch, online } = state.data;
    const news = this.#epoch !== null && this.#epoch !== epoch;
    if (online) this.#epoch = epoch;
    if (news && online && this.#link.session !== null) {
      this.#birth(this.#link.session);
      this.#postman.start();
    }
  }

  #birth(session: string): void {
    const { options, capabilities, identity, boot } = this.#powered;
    const { model, serial } = identity;
    const { kind } = options;
    const versions = { desiredRevision: this.#state.revision, plan: this.#heldVersion() };
    void this.#link.publish('birth', {
      ...{ v: 1, session, kind, model, serial, firmware: FIRMWARE, boot, capabilities },
      ...versions,
    });
  }

  #heldVersion(): { revision: number; sha256: string } | null {
    if (this.#held === null) return null;
    const { revision, sha256 } = this.#held.pointer;
    return { revision, sha256 };
  }

  #desired(body: DesiredBody): void {
    const running = this.#running;
    if (running === null) return;
    this.#link.setGroups(body.groups);
    const { volume } = body.settings;
    this.#powered.options.onEvent({ type: 'settings', revision: body.revision, volume });
    if (body.plan === null) void this.#noPlan(running);
    else if (body.plan.sha256 !== this.#held?.pointer.sha256) running.sync.aim(body.plan);
    else void this.#whole(this.#held.plan, body.plan);
  }

  async #noPlan({ sync, plans, conductor }: Running): Promise<void> {
    await sync.stop();
    await plans.clear();
    this.#held = null;
    conductor.adopt(NO_PLAN, this.#powered.clock.now());
    this.#ready();
  }

  /** A plan is held with every file it names: it governs from now on. */
  async #whole(plan: Plan, pointer: Pointer): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    const { clock, options } = this.#powered;
    const news = this.#held?.pointer.sha256 !== pointer.sha256;
    if (news || this.#held?.pointer.revision !== pointer.revision)
      await running.plans.hold(pointer, clock.now());
    this.#held = { plan, pointer };
    this.#faults.mended('download-failed');
    if (news) {
      running.conductor.adopt(plan, this.#state.governing?.receivedAt ?? clock.now());
      options.onEvent(planEvent(plan, pointer));
    }
    const named = new Set(plan.blobs.map((blob) => blob.sha256));
    for (const sha256 of running.conductor.inUse()) named.add(sha256);
    await this.#cache.keepOnly(named);
    this.#ready();
  }

  #ready(): void {
    const governing = this.#state.governing;
    if (governing === null) return;
    const { id, body } = governing;
    if ((body.plan?.sha256 ?? null) !== (this.#held?.pointer.sha256 ?? null)) return;
    const at = this.#powered.clock.now();
    this.#acks.say({ v: 1, id, subject: 'desired', state: 'ready', revision: body.revision, at });
    this.#pulse.soon();
  }

  #planRefused(reason: string, pointer: Pointer): void {
    const { clock, options } = this.#powered;
    const id = this.#state.governing?.id ?? null;
    const { revision } = pointer;
    this.#acks.say({ v: 1, id, subject: 'plan', state: 'rejected', reason, revision, at: clock.now() });
    options.onEvent({ type: 'refused', subject: 'plan', reason });
  }

  async #command(body: z.infer<typeof Command>): Promise<'ended' | 'unsupported'> {
    const running = this.#running;
    if (running === null) return 'unsupported';
    switch (body.type) {
      case 'identify':
        this.#powered.options.onEvent({ type: 'identify', seconds: body.seconds });
        await new Promise((resolve) => setTimeout(resolve, body.seconds * 1000).unref());
        return 'ended';
      case 'stop':
        running.conductor.silence();
        return 'ended';
      case 'capture':
        await this.#capture(running.performer, body.seconds);
        return 'ended';
    }
  }

  async #capture(performer: Speaker | Board, seconds: number): Promise<void> {
    const id = this.#evidence.newId();
    if (performer instanceof Board) await this.#evidence.keep(id, 'png', await performer.capture());
    else await this.#evidence.keep(id, 'wav', await performer.capture(seconds));
  }

  /** Reads the files of what comes next; what is damaged is thrown out and fetched again. */
  async #verify(files: readonly string[]): Promise<void> {
    for (const sha256 of new Set(files)) {
      if (await this.#cache.verify(sha256)) continue;
      this.#fault('blob-missing', sha256);
      if (this.#held !== null) this.#running?.sync.aim(this.#held.pointer);
    }
  }

  async #beat(): Promise<void> {
    const { session } = this.#link;
    const running = this.#running;
    if (session === null || running === null) return;
    const { clock, options } = this.#powered;
    const storage = await storageOf(options.dir);
    const { fetching } = running.sync;
    const { volume, muted, brightness } = this.#settings;
    await this.#link.publish('heartbeat', {
      v: 1,
      session,
      at: clock.now(),
      uptimeS: (clock.base.monotonicMs() - this.#bornAt) / 1000,
      clock: { synced: clock.synced, offsetMs: clock.wallOffsetMs, errorMs: clock.errorMs },
      desiredRevision: this.#state.revision,
      plan: this.#heldVersion(),
      ...(fetching === undefined ? {} : { fetching }),
      playing: running.conductor.onAir(),
      ...(options.kind === 'speaker' ? { volume, muted } : { brightness }),
      ...(storage === undefined ? {} : { storage }),
      outbox: this.#outbox.size,
      faults: clock.synced ? this.#faults.list() : ['clock-unsynced', ...this.#faults.list()].slice(0, 16),
    });
  }

  #fault(what: string, detail: string): void {
    this.#faults.note(what);
    this.#powered.options.onEvent({ type: 'fault', what, detail });
  }
}

interface Running {
  readonly performer: Speaker | Board;
  readonly conductor: Conductor;
  readonly sync: Sync;
  readonly plans: PlanStore;
  readonly orders: Orders;
}

const planEvent = (plan: Plan, pointer: Pointer) =>
  ({ type: 'plan', revision: pointer.revision, occurrences: plan.occurrences.length }) as const;

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
