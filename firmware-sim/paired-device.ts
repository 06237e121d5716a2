import { type CryptoKey, importJWK } from 'jose';
import type { Settings } from '#devices/kind';
import type { PlanOccurrence } from '#devices/plan';
import { BlobFetcher } from './blob-fetcher.ts';
import type { Board } from './board/board.ts';
import { forBoards } from './board/wiring.ts';
import { BroadcastMemory } from './broadcast-memory.ts';
import { ByOrder, settingsFor } from './by-order.ts';
import { Cache } from './cache.ts';
import { Conductor } from './conductor.ts';
import { Conversation } from './conversation.ts';
import { type DesiredBody, DesiredState } from './desired-state.ts';
import { EvidenceBook } from './evidence-book.ts';
import { EvidencePost } from './evidence-post.ts';
import { Faults } from './faults.ts';
import { makeUpdater } from './firmware/make-updater.ts';
import type { Updater } from './firmware/updater.ts';
import { Hearing } from './hearing.ts';
import { makePerformer } from './make-performer.ts';
import { markMsOf } from './marking.ts';
import { rootOf } from './options.ts';
import { Orders } from './orders.ts';
import { Outbox } from './outbox.ts';
import { PlanKeeper } from './plan-keeper.ts';
import { PlanStore } from './plan-store.ts';
import type { Powered } from './powered.ts';
import { prepareMsOf } from './preparation.ts';
import { SeenCommands } from './seen-commands.ts';
import type { Speaker } from './speaker/speaker.ts';
import { shareOf } from './village-share.ts';
import { vitalSigns } from './vital-signs.ts';
import { DISK_TROUBLES, diskTrouble, isDiskTrouble } from './whole-file.ts';

const FACTORY_SETTINGS: Settings = { volume: 80, muted: false, brightness: 80, outputDelayMs: 0 };

/** A device that belongs to a controller: every part of it, and what they do for each other. */
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
  readonly #broadcastMemory: BroadcastMemory;
  readonly #faults: Faults;
  readonly #talk: Conversation;
  readonly #evidence: EvidencePost;
  #running: Running | null = null;
  #lastDesired: Buffer | null = null;
  /** What is desired was told since the power came, and not only remembered. */
  #heardDesired = false;
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
    this.#cache = new Cache(dir, options.cacheBytes);
    this.#outbox = new Outbox(dir, powered.bootCount, (error) => this.#trouble(error));
    this.#book = new EvidenceBook({
      ...{ dir, boot, clock, outbox: this.#outbox },
      onRecord: (record) => {
        onEvent({ type: 'record', record });
        this.#talk.recorded();
      },
      onTrouble: (error) => this.#trouble(error),
      onMended: () => {
        for (const what of DISK_TROUBLES) this.#faults.mended(what);
        // What had no number of its own until now may go, and what could not be kept is obeyed now.
        this.#talk.recorded();
        if (this.#lastDesired !== null) this.#running?.orders.desired(this.#lastDesired);
      },
    });
    this.#state = new DesiredState(dir);
    this.#seen = new SeenCommands(dir, (error) => this.#trouble(error));
    this.#broadcastMemory = new BroadcastMemory(dir, (error) => this.#trouble(error));
    this.#evidence = new EvidencePost({
      dir,
      http: this.#http,
      bearer: this.#bearer,
      onTrouble: (detail) => this.#fault('evidence-refused', detail),
    });
    this.#talk = new Conversation({
      powered,
      outbox: this.#outbox,
      facts: () => this.#facts(),
      account: (session) => this.#account(session),
      desired: (payload) => {
        this.#lastDesired = payload;
        this.#heardDesired = true;
        this.#running?.orders.desired(payload);
      },
      command: (payload) => this.#running?.orders.command(payload),
      firmware: (payload) => this.#running?.updater.offered(payload),
      clockSet: (stepMs) => this.#running?.conductor.clockSet(stepMs),
      onTrouble: (error) => this.#trouble(error),
    });
  }

  async start(): Promise<void> {
    const { options, pairing, clock } = this.#powered;
    const controllerKey = (await importJWK({ ...pairing.controllerKey }, 'EdDSA')) as CryptoKey;
    const plans = new PlanStore(options.dir, controllerKey, () => clock.now());
    await Promise.all([plans.open(), this.#cache.open(), this.#outbox.open(), this.#seen.open()]);
    await this.#state.open(controllerKey, this.#id);
    await this.#broadcastMemory.open();
    await this.#book.open();
    await this.#evidence.start();
    const performer = await makePerformer(options, this.#powered.capabilities.live === true, {
      ...{ clock, cache: this.#cache, http: this.#http, bearer: this.#bearer },
      controllerKey: pairing.controllerKey,
      settings: (occurrence?: PlanOccurrence) =>
        settingsFor(this.#settings, this.#broadcastMemory, occurrence),
      evidence: this.#evidence,
      fault: (what, detail) => this.#fault(what, detail),
      ...forBoards({
        ...{ id: this.#id, state: this.#state, talk: this.#talk, faults: this.#faults },
        running: () => this.#running,
        heardDesired: () => this.#heardDesired,
      }),
    });
    const hearing = this.#hearing();
    const conductor: Conductor = new Conductor({
      ...{ clock, performer, book: this.#book, stands: options.kind === 'board' },
      // A board makes no noise: no hour is too late for it, and no notice too long.
      guards: () => (options.kind === 'board' ? {} : (this.#settings.guards ?? {})),
      armAheadMs: 3_000 + shareOf(this.#id) * 9_000,
      verify: (occurrence) => keeper.verify(occurrence.parts.map((part) => part.sha256)),
      onAirChanged: () => this.#talk.beatSoon(),
      onOutlook: () => this.#talk.expect(conductor.outlook()),
      judge: (occurrence, stretch) =>
        hearing?.judge(occurrence, stretch, this.#settings.quirks?.gainDb ?? 0) ?? stretch,
      prepareMs: () => prepareMsOf(options.kind, this.#settings),
      markMs: markMsOf(options),
    });
    const fetcher = new BlobFetcher({ http: this.#http, bearer: this.#bearer, cache: this.#cache });
    const keeper: PlanKeeper = new PlanKeeper({
      http: this.#http,
      bearer: this.#bearer,
      retry: options.downloadRetry,
      clock,
      panel: this.#powered.capabilities.panel,
      cache: this.#cache,
      fetcher,
      alsoNeeded: () => [...byOrder.files(), ...('files' in performer ? performer.files() : [])],
      plans,
      conductor,
      state: this.#state,
      ack: (ack) => this.#talk.acknowledge(ack),
      onEvent: options.onEvent,
      fault: (what, detail) => this.#fault(what, detail),
      onReady: () => {
        this.#talk.beatSoon();
        if ('filesCame' in performer) performer.filesCame();
      },
    });
    const orders = this.#orders(controllerKey);
    const byOrder: ByOrder = new ByOrder({
      ...{ powered: this.#powered, cache: this.#cache, fetcher, memory: this.#broadcastMemory },
      ...{ conductor, performer, book: this.#book, evidence: this.#evidence, hearing },
      settings: () => this.#settings,
      order: (id) => orders.order(id),
      onNear: () => this.#talk.compareClock(),
      fault: (what, detail) => this.#fault(what, detail),
      onTrouble: (error) => this.#trouble(error),
    });
    const updater = makeUpdater({
      ...{ powered: this.#powered, controllerKey, http: this.#http, bearer: this.#bearer },
      ...{ device: this.#id, conductor, keeper, state: this.#state, talk: this.#talk },
      fault: (what, detail) => this.#fault(what, detail),
    });
    this.#running = { performer, conductor, keeper, orders, byOrder, updater };
    await performer.start();
    await keeper.start();
    this.#talk.setGroups(this.#state.governing?.body.groups ?? []);
    this.#talk.start();
    updater.start();
    // The first decision waits a little for the true time: a battery clock that is wrong must not end the day's plan.
    // One that has stopped knows nothing: then there is nothing to begin by until the controller is heard.
    const trust = (): void => {
      if (clock.trusted) this.#talk.trustClock();
    };
    const patience = setTimeout(trust, options.clockPatienceMs);
    void this.#talk.clockReady().then(() => {
      clearTimeout(patience);
      if (this.#running?.conductor !== conductor) return;
      conductor.start();
      byOrder.start().catch((error: unknown) => this.#trouble(error));
    });
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.updater.stop();
    await running?.keeper.stop();
    await running?.byOrder.stop();
    await running?.conductor.stop();
    await running?.performer.stop();
    await this.#book.close();
    await this.#evidence.stop();
    await this.#talk.stop();
    await this.#outbox.close();
  }

  get #settings(): Settings {
    return this.#state.governing?.body.settings ?? FACTORY_SETTINGS;
  }

  #hearing(): Hearing | null {
    const { microphone, amplifier } = this.#powered.options;
    if (microphone === null) return null;
    return new Hearing(microphone, amplifier, this.#faults, (what, detail) => this.#fault(what, detail));
  }

  #orders(controllerKey: CryptoKey): Orders {
    const { options, clock } = this.#powered;
    return new Orders({
      device: this.#id,
      controllerKey,
      state: this.#state,
      seen: this.#seen,
      now: () => clock.now(),
      clockReady: () => this.#talk.clockReady(),
      ack: (ack) => this.#talk.acknowledge(ack),
      onTrouble: (error) => this.#trouble(error),
      onRefused: (subject, reason) => options.onEvent({ type: 'refused', subject, reason }),
      onDesired: (body) => this.#desired(body),
      onCommand: async (body, order) => this.#running?.byOrder.obey(body, order),
    });
  }

  #facts() {
    const { options, capabilities, identity, boot, firmware } = this.#powered;
    const { model, serial } = identity;
    const versions = { desiredRevision: this.#state.revision, plan: this.#running?.keeper.version ?? null };
    return { kind: options.kind, model, serial, firmware: firmware.version, boot, capabilities, ...versions };
  }

  #desired(body: DesiredBody): void {
    const running = this.#running;
    if (running === null) return;
    this.#talk.setGroups(body.groups);
    const { volume } = body.settings;
    this.#powered.options.onEvent({ type: 'settings', revision: body.revision, volume });
    running.keeper.desired(body).catch((error: unknown) => this.#trouble(error));
  }

  async #account(session: string) {
    const running = this.#running;
    if (running === null) return null;
    const { clock, options } = this.#powered;
    const { keeper, conductor, performer } = running;
    const panel = 'report' in performer ? performer : null;
    const body = {
      ...{ device: this.#id, options, clock, keeper, conductor, panel, state: this.#state },
      ...{ settings: this.#settings },
      ...{ outbox: this.#outbox, faults: this.#faults, bornAt: this.#bornAt },
    };
    return await vitalSigns(body, session);
  }

  /** Mostly a disk that is full or gone: told, and gone on without. */
  #trouble(error: unknown): void {
    this.#fault(
      diskTrouble(error) ?? 'storage-failed',
      error instanceof Error ? error.message : String(error),
    );
  }

  #fault(what: string, detail: string): void {
    if (isDiskTrouble(what)) this.#book.diskFailed();
    this.#faults.note(what);
    this.#powered.options.onEvent({ type: 'fault', what, detail });
  }
}

interface Running {
  readonly performer: Speaker | Board;
  readonly conductor: Conductor;
  readonly keeper: PlanKeeper;
  readonly orders: Orders;
  readonly byOrder: ByOrder;
  readonly updater: Updater;
}
