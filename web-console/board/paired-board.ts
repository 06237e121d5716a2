import { type CryptoKey, importJWK } from 'jose';
import type { DeviceClock } from '#devices/device-clock';
import type { Settings } from '#devices/kind';
import type { Command } from '#devices/messages/command';
import type { Desired } from '#devices/messages/desired';
import type { Heartbeat } from '#devices/messages/heartbeat';
import { Broadcasts } from './broadcasts.ts';
import type { ClockNotes } from './clock-notes.ts';
import { Conversation } from './conversation.ts';
import type { Database } from './database.ts';
import { DesiredState } from './desired-state.ts';
import { Display } from './display.ts';
import { EvidenceBook } from './evidence-book.ts';
import { EvidencePost } from './evidence-post.ts';
import { Faults } from './faults.ts';
import { Fetcher } from './fetcher.ts';
import type { Identity } from './identity.ts';
import { LinkWatch } from './link-watch.ts';
import { obey } from './obey.ts';
import { type BoardOptions, brokersFor, capabilitiesOf } from './options.ts';
import { type Order, Orders } from './orders.ts';
import type { Pairing } from './pairing.ts';
import { pause } from './pause.ts';
import { PlanKeeper } from './plan-keeper.ts';
import { PlanStore } from './plan-store.ts';
import type { Screen } from './screen.ts';
import { Shelf } from './shelf.ts';
import { vitalSigns } from './vital-signs.ts';

export interface PairedBoardDesk {
  readonly database: Database;
  readonly identity: Identity;
  readonly pairing: Pairing;
  readonly options: BoardOptions;
  readonly screen: Screen;
  readonly clock: DeviceClock;
  readonly notes: ClockNotes;
  readonly boot: number;
  readonly firmware: string;
  /** The page was loaded anew by itself or by hand: the power had not gone. */
  readonly reloaded: boolean;
  /** Shows the board's own name over everything. */
  readonly identify: (name: string, seconds: number) => Promise<void>;
  /** Starts the page anew, after everything is written. */
  readonly restart: () => void;
  readonly onDrawingFailed: (error: unknown) => void;
}

const FACTORY_SETTINGS: Settings = { volume: 0, muted: true, brightness: 100, outputDelayMs: 0 };
const CLOCK_PATIENCE_MS = 3_000;
/** A page that turns so much too early or too late is no worse than one that does not come at all. */
const GOOD_ENOUGH_MS = 2_000;

/** A screen that belongs to a controller: every part of it, and what they do for each other. */
export class PairedBoard {
  readonly #desk: PairedBoardDesk;
  readonly #id: string;
  readonly #faults: Faults;
  readonly #state: DesiredState;
  readonly #shelf: Shelf;
  readonly #book: EvidenceBook;
  readonly #evidence: EvidencePost;
  readonly #watch: LinkWatch;
  readonly #display: Display;
  readonly #talk: Conversation;
  readonly #fetcher: Fetcher;
  #running: { readonly keeper: PlanKeeper; readonly broadcasts: Broadcasts; readonly orders: Orders } | null =
    null;
  readonly #bornAt: number;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: PairedBoardDesk) {
    const { database, pairing, clock, screen, boot } = desk;
    const http = location.origin;
    const bearer = `${pairing.device}.${pairing.credential}`;
    const onTrouble = (error: unknown): void => this.#trouble(error);
    const fault = (what: string): void => this.#faults.note(what);
    this.#desk = desk;
    this.#id = pairing.device;
    this.#bornAt = clock.base.monotonicMs();
    this.#faults = new Faults(() => clock.base.monotonicMs());
    this.#state = new DesiredState(database);
    this.#shelf = new Shelf(database);
    this.#book = new EvidenceBook({
      database,
      boot,
      clock,
      onTrouble,
      onRecord: () => this.#talk.recorded(),
    });
    this.#evidence = new EvidencePost({ database, http, bearer, onTrouble: () => fault('evidence-refused') });
    this.#watch = new LinkWatch({
      ...{ database, clock, reloaded: desk.reloaded },
      planHeld: () => this.#running?.keeper.settled ?? false,
    });
    this.#display = new Display({
      ...{ clock, screen, boot, fault, shelf: this.#shelf, book: this.#book, evidence: this.#evidence },
      ...{ watch: this.#watch, settings: () => this.#settings, onDrawingFailed: desk.onDrawingFailed },
      mend: () => {
        this.#running?.keeper.mend();
        this.#running?.broadcasts.mend();
      },
      onChange: () => this.#told(),
      onNext: (nextAt) => this.#talk.expect(nextAt),
    });
    this.#fetcher = new Fetcher({
      http,
      bearer,
      shelf: this.#shelf,
      now: () => clock.now(),
      onTrouble: fault,
    });
    this.#talk = new Conversation({
      ...{ clock, book: this.#book, onTrouble },
      link: {
        device: pairing.device,
        credential: pairing.credential,
        brokers: brokersFor(pairing.brokers, location.origin),
      },
      facts: () => this.#facts(),
      account: (session) => this.#account(session),
      desired: (jws) => this.#running?.orders.desired(jws),
      command: (jws) => this.#running?.orders.command(jws),
      clockSet: (stepMs) => {
        desk.notes.keep(clock);
        this.#display.conductor.clockSet(stepMs);
      },
      onLink: (stands) => {
        this.#watch.link(stands);
        if (stands) this.#evidence.tryNow();
        this.#display.turn();
      },
    });
  }

  /** The plan and the settings were ever heard of. */
  get supplied(): boolean {
    return this.#state.governing !== null;
  }

  async start(): Promise<void> {
    const { database, pairing, clock } = this.#desk;
    const controllerKey = (await importJWK({ ...pairing.controllerKey }, 'EdDSA')) as CryptoKey;
    await Promise.all([this.#shelf.open(), this.#state.open(controllerKey, this.#id), this.#watch.open()]);
    await this.#book.open();
    const orders = new Orders({
      ...{ device: this.#id, database, controllerKey, state: this.#state, now: () => clock.now() },
      clockReady: () => this.#talk.clockReady,
      ack: (ack) => this.#talk.acknowledge(ack),
      onTrouble: (error) => this.#trouble(error),
      onDesired: (body) => this.#desired(body),
      onCommand: (body, order) => this.#obey(body, order),
    });
    const broadcasts = new Broadcasts({
      ...{ database, clock, shelf: this.#shelf, fetcher: this.#fetcher, book: this.#book },
      ...{ conductor: this.#display.conductor, panel: () => this.#desk.screen.size },
      order: (id) => orders.order(id),
      again: (jws) => orders.again(jws),
      arm: (occurrence) => this.#display.arm(occurrence),
      onTrouble: (error) => this.#trouble(error),
    });
    const keeper = new PlanKeeper({
      ...{ clock, shelf: this.#shelf, fetcher: this.#fetcher, state: this.#state },
      plans: new PlanStore(database, controllerKey),
      panel: () => this.#desk.screen.size,
      alsoNeeded: () => broadcasts.files(),
      adopt: (plan, known) => this.#display.conductor.adopt(plan, known),
      ack: (ack) => this.#talk.acknowledge(ack),
      fault: (what) => this.#faults.note(what),
      onChange: () => this.#talk.beatSoon(),
    });
    this.#running = { keeper, broadcasts, orders };
    await Promise.all([orders.open(), broadcasts.open()]);
    this.refit();
    await keeper.start();
    this.#talk.setGroups(this.#state.governing?.body.groups ?? []);
    this.#talk.start();
    this.#evidence.start();
    await this.#clockJudged();
    this.#display.start();
    void this.#talk.clockReady.then(() => broadcasts.start());
    const rebooted = await database.get('facts', 'rebooting');
    if (typeof rebooted === 'string') {
      await database.delete('facts', 'rebooting');
      orders.order(rebooted).say('ended');
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#again);
    this.#running?.keeper.stop();
    this.#running?.broadcasts.stop();
    this.#evidence.stop();
    await this.#display.stop();
    await this.#talk.stop();
  }

  /** The window has another size, or the board another rectangle. */
  refit(): void {
    if (!this.#display.refit()) return;
    this.#talk.introduce();
    const { governing } = this.#state;
    if (governing !== null) this.#running?.keeper.desired(governing.body, true);
  }

  /** The browser says that there is a network again. */
  online(): void {
    this.#talk.tryNow();
    this.#evidence.tryNow();
  }

  /** Something went wrong that is told of, by its code. */
  fault(what: string): void {
    this.#faults.note(what);
    this.#talk.beatSoon();
  }

  get #settings(): Settings {
    return this.#state.governing?.body.settings ?? FACTORY_SETTINGS;
  }

  /**
   * Resolves when there is a time to decide by. A clock that was compared not long ago is as good as one that is compared
   * now; another one waits a little for the true time, since a wrong one could end the day's plan.
   */
  async #clockJudged(): Promise<void> {
    const { clock } = this.#desk;
    const trust = (): void => {
      if (clock.trusted) this.#talk.trustClock();
    };
    if (clock.trusted && clock.errorMs < GOOD_ENOUGH_MS) trust();
    setTimeout(trust, CLOCK_PATIENCE_MS);
    await Promise.race([this.#talk.clockReady, pause(CLOCK_PATIENCE_MS)]);
  }

  #desired(body: Desired): void {
    this.#watch.heard();
    this.#talk.setGroups(body.groups);
    this.refit();
    this.#running?.keeper.desired(body);
  }

  async #obey(command: Command, order: Order): Promise<void> {
    const broadcasts = this.#running?.broadcasts;
    if (broadcasts === undefined) return;
    const { database, identify, restart } = this.#desk;
    await obey(command, order, {
      broadcasts,
      identify: (seconds) => identify(this.#settings.board?.title || this.#id, seconds),
      capture: () => this.#display.picture(),
      restart: async () => {
        await database.put('facts', order.id, 'rebooting');
        restart();
      },
      compareClock: () => this.#talk.compareClock(),
    });
  }

  #facts() {
    const { identity, firmware, boot, options, screen } = this.#desk;
    const { model, serial } = identity;
    const versions = { desiredRevision: this.#state.revision, plan: this.#running?.keeper.version ?? null };
    const capabilities = capabilitiesOf(screen.size, options);
    return { kind: 'board' as const, model, serial, firmware, boot, capabilities, ...versions };
  }

  async #account(session: string): Promise<Heartbeat> {
    const { clock } = this.#desk;
    const keeper = this.#running?.keeper;
    if (document.visibilityState !== 'visible') this.#faults.note('page-hidden');
    return vitalSigns({
      ...{ session, clock, bornAt: this.#bornAt, ...(await this.#display.account()) },
      ...{ desiredRevision: this.#state.revision, plan: keeper?.version ?? null },
      ...{ fetching: keeper?.fetching, stored: keeper?.stored },
      ...{ outbox: this.#book.outbox.size, faults: this.#faults.list() },
    });
  }

  /** What stands is told at once, and again when nobody can take it for what stood before any more. */
  #told(): void {
    this.#talk.beatSoon();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#talk.beatSoon(), TOLD_AGAIN_MS);
  }

  #trouble(error: unknown): void {
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    this.#faults.note(full ? 'storage-full' : 'storage-failed');
    console.warn(error);
  }
}

const TOLD_AGAIN_MS = 6_000;
