import type { Ack } from '#devices/messages/ack';
import type { Plan } from '#devices/plan';
import type { BlobFetcher } from './blob-fetcher.ts';
import type { Cache } from './cache.ts';
import type { DeviceClock } from './clock.ts';
import type { Conductor } from './conductor.ts';
import type { DesiredBody, DesiredState } from './desired-state.ts';
import type { Tell } from './events.ts';
import { Gatherer } from './gatherer.ts';
import { neededBlobs } from './needed-files.ts';
import type { PlanStore } from './plan-store.ts';
import { StoredFiles } from './stored-files.ts';
import { type Pointer, Sync } from './sync.ts';

export interface PlanKeeperDesk {
  /** Root of the device HTTP interface, and the credential for it. */
  readonly http: string;
  readonly bearer: string;
  readonly retry: { readonly minMs: number; readonly maxMs: number };
  readonly clock: DeviceClock;
  /** Of a board; undefined for what has none. */
  readonly panel: { readonly width: number; readonly height: number } | undefined;
  readonly cache: Cache;
  readonly fetcher: BlobFetcher;
  /** Files that are needed though no plan names them. */
  readonly alsoNeeded: () => Iterable<string>;
  readonly plans: PlanStore;
  readonly conductor: Conductor;
  readonly state: DesiredState;
  readonly ack: (ack: Ack) => void;
  readonly onEvent: Tell;
  readonly fault: (what: string, detail: string) => void;
  /** What is desired holds now. */
  readonly onReady: () => void;
}

const NO_PLAN: Plan = { v: 1, validFrom: 0, validUntil: 0, occurrences: [], blobs: [] };

/**
 * Which plan governs: the newest that is desired as soon as it is held whole, until then the last good one. And the
 * stored messages, which need no plan.
 */
export class PlanKeeper {
  readonly #desk: PlanKeeperDesk;
  readonly #sync: Sync;
  readonly #stored: StoredFiles;
  #held: { plan: Plan; pointer: Pointer } | null = null;
  /** Being fetched. */
  #coming: Plan | null = null;

  constructor(desk: PlanKeeperDesk) {
    const { http, bearer, cache, fetcher, plans, retry, panel } = desk;
    this.#desk = desk;
    this.#sync = new Sync({
      ...{ http, bearer, cache, fetcher, plans, retry, panel },
      onWhole: (plan, pointer) => this.#whole(plan, pointer),
      makeRoom: (plan, bytes) => {
        this.#coming = plan;
        return cache.keepOnly(this.#named(), bytes);
      },
      onRefused: (reason, pointer) => this.#refused(reason, pointer),
      onTrouble: (what, detail) => desk.fault(what, detail),
    });
    const onTrouble = (detail: string): void => desk.fault('download-failed', detail);
    this.#stored = new StoredFiles({
      cache,
      gatherer: new Gatherer({ clock: desk.clock, cache, fetcher, retry, wish: 'stored', onTrouble }),
      makeRoom: (bytes) => cache.keepOnly(this.#named(), bytes),
      onHeld: desk.onReady,
      onTrouble: (error) => onTrouble(error instanceof Error ? error.message : String(error)),
    });
  }

  /** Revision and hash of the plan that governs. */
  get version(): { revision: number; sha256: string } | null {
    if (this.#held === null) return null;
    const { revision, sha256 } = this.#held.pointer;
    return { revision, sha256 };
  }

  get fetching(): { blobs: number; bytes: number } | undefined {
    return this.#sync.fetching;
  }

  /** Of the stored emergency messages that are desired, how many are here; undefined when none are. */
  get stored(): { held: number; of: number } | undefined {
    return this.#stored.held;
  }

  /** After a boot: the plan that governed when the power went, and the work that was not finished then. */
  async start(): Promise<void> {
    const { plans, cache, conductor, state, panel, onEvent } = this.#desk;
    this.#stored.desired(state.governing?.body.stored ?? []);
    const held = await plans.held();
    const wanted = state.governing?.body.plan ?? null;
    if (held !== null) {
      const missing = await cache.missing(neededBlobs(held.plan.blobs, panel));
      this.#held = held;
      conductor.adopt(held.plan, held.heldAt);
      onEvent(planEvent(held.plan, held.pointer));
      if (missing.length > 0) this.#sync.aim(held.pointer);
    }
    if (wanted !== null && wanted.sha256 !== held?.pointer.sha256) this.#sync.aim(wanted);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#sync.stop(), this.#stored.stop()]);
  }

  /** A newer desired document governs. */
  async desired({ plan: pointer, stored = [] }: Pick<DesiredBody, 'plan' | 'stored'>): Promise<void> {
    this.#stored.desired(stored);
    if (pointer === null) return this.#none();
    const held = this.#held?.pointer.sha256 === pointer.sha256 ? this.#held : null;
    const target = this.#sync.target ?? pointer.sha256;
    if (held !== null && target === pointer.sha256) return this.#whole(held.plan, pointer);
    // Aimed anew, it lets go of another plan that it was still fetching: also of one that came after the one held.
    this.#sync.aim(pointer);
  }

  /** Reads the files of what comes next; what is damaged is thrown out and fetched again. */
  async verify(files: Iterable<string>): Promise<void> {
    for (const sha256 of new Set(files)) {
      if (await this.#desk.cache.verify(sha256)) continue;
      this.#desk.fault('blob-missing', sha256);
      if (this.#held !== null) this.#sync.aim(this.#held.pointer);
    }
  }

  /** A file was found damaged or missing, and is gone: whatever needs it fetches it again. */
  again(sha256: string): void {
    const held = this.#held;
    if (held?.plan.blobs.some((blob) => blob.sha256 === sha256) === true) this.#sync.aim(held.pointer);
    this.#stored.again(sha256);
  }

  async #none(): Promise<void> {
    const { plans, conductor, clock } = this.#desk;
    await this.#sync.stop();
    await plans.clear();
    this.#held = null;
    this.#coming = null;
    conductor.adopt(NO_PLAN, clock.now());
    this.#ready();
  }

  async #whole(plan: Plan, pointer: Pointer): Promise<void> {
    const { plans, conductor, cache, clock, state, onEvent } = this.#desk;
    const news = this.#held?.pointer.sha256 !== pointer.sha256;
    if (news || this.#held?.pointer.revision !== pointer.revision) await plans.hold(pointer, clock.now());
    this.#held = { plan, pointer };
    this.#coming = null;
    if (news) {
      conductor.adopt(plan, state.governing?.receivedAt ?? clock.now());
      onEvent(planEvent(plan, pointer));
    }
    await cache.keepOnly(this.#named());
    this.#ready();
  }

  /** Files that must stay: of the plan that governs and one that is to come, of what plays, of what else needs them. */
  #named(): Set<string> {
    const { conductor, alsoNeeded } = this.#desk;
    const named = new Set<string>([...alsoNeeded(), ...this.#stored.files()]);
    for (const plan of [this.#held?.plan, this.#coming])
      for (const { sha256 } of neededBlobs(plan?.blobs ?? [], this.#desk.panel)) named.add(sha256);
    for (const sha256 of conductor.inUse()) named.add(sha256);
    return named;
  }

  /** Tells that the desired document holds, when its plan is the one that governs. */
  #ready(): void {
    const { state, ack, clock, onReady } = this.#desk;
    if (state.governing === null) return;
    const { id, body } = state.governing;
    if ((body.plan?.sha256 ?? null) !== (this.#held?.pointer.sha256 ?? null)) return;
    ack({ v: 1, id, subject: 'desired', state: 'ready', revision: body.revision, at: clock.now() });
    onReady();
  }

  #refused(reason: string, pointer: Pointer): void {
    const { state, ack, clock, onEvent } = this.#desk;
    const id = state.governing?.id ?? null;
    const { revision } = pointer;
    ack({ v: 1, id, subject: 'plan', state: 'rejected', reason, revision, at: clock.now() });
    onEvent({ type: 'refused', subject: 'plan', reason });
  }
}

const planEvent = (plan: Plan, pointer: Pointer) =>
  ({ type: 'plan', revision: pointer.revision, occurrences: plan.occurrences.length }) as const;
