import { Backoff } from '#devices/backoff';
import type { DeviceClock } from '#devices/device-clock';
import type { Ack } from '#devices/messages/ack';
import type { Desired } from '#devices/messages/desired';
import type { Plan } from '#devices/plan';
import type { Size } from '#devices/render/brush';
import { filesOf } from '#devices/scene';
import type { DesiredState } from './desired-state.ts';
import type { Fetcher, Wanted } from './fetcher.ts';
import { pause } from './pause.ts';
import { blobsFor } from './plan-blobs.ts';
import type { PlanStore, Pointer } from './plan-store.ts';
import { sceneIn } from './scene-file.ts';
import type { Shelf } from './shelf.ts';

export interface PlanKeeperDesk {
  readonly clock: DeviceClock;
  readonly shelf: Shelf;
  readonly fetcher: Fetcher;
  readonly plans: PlanStore;
  readonly state: DesiredState;
  readonly panel: () => Size;
  /** Files that are needed though no plan names them. */
  readonly alsoNeeded: () => Iterable<string>;
  readonly adopt: (plan: Plan, known: number) => void;
  readonly ack: (ack: Ack) => void;
  readonly fault: (what: string, detail: string) => void;
  /** What is desired holds now, or more of it than before. */
  readonly onChange: () => void;
}

const NO_PLAN: Plan = { v: 1, validFrom: 0, validUntil: 0, occurrences: [], blobs: [] };
/** A stored message that cannot be had must not keep the day's plan away. */
const STORED_FIRST_MS = 10_000;

/**
 * Which plan governs: the newest that is desired as soon as it is held whole, until then the last good one. And the stored
 * messages and fallbacks, which need no plan.
 */
export class PlanKeeper {
  readonly #desk: PlanKeeperDesk;
  #held: { plan: Plan; pointer: Pointer } | null = null;
  /** Being fetched. */
  #coming: Plan | null = null;
  #work: { readonly pointer: Pointer | null; readonly abort: AbortController } | null = null;
  /** Files of stored messages and of fallbacks. */
  #stored: Wanted[] = [];
  #storedScenes = 0;

  constructor(desk: PlanKeeperDesk) {
    this.#desk = desk;
  }

  /** Revision and hash of the plan that governs. */
  get version(): { revision: number; sha256: string } | null {
    if (this.#held === null) return null;
    const { revision, sha256 } = this.#held.pointer;
    return { revision, sha256 };
  }

  get fetching(): { blobs: number; bytes: number } | undefined {
    if (this.#coming === null) return undefined;
    const missing = this.#desk.shelf.missing(blobsFor(this.#coming.blobs, this.#desk.panel()));
    const bytes = missing.reduce((sum, blob) => sum + blob.bytes, 0);
    return missing.length === 0 ? undefined : { blobs: missing.length, bytes };
  }

  /** Of the stored emergency messages that are desired, how many are here; undefined when none are. */
  get stored(): { held: number; of: number } | undefined {
    const of = this.#storedScenes;
    const scenes = this.#stored.slice(0, of);
    return of === 0 ? undefined : { held: of - this.#desk.shelf.missing(scenes).length, of };
  }

  /** Whether what is desired is here, as far as is known. */
  get settled(): boolean {
    const wanted = this.#desk.state.governing?.body.plan ?? null;
    return (wanted?.sha256 ?? null) === (this.#held?.pointer.sha256 ?? null);
  }

  /** The plan that governed when the page ended. */
  async start(): Promise<void> {
    const { plans, state, adopt } = this.#desk;
    this.#held = await plans.held();
    if (this.#held !== null) adopt(this.#held.plan, (await plans.held())?.heldAt ?? 0);
    if (state.governing !== null) this.desired(state.governing.body);
  }

  stop(): void {
    this.#work?.abort.abort();
  }

  /** A desired document governs, newer or again; or the panel has another size. */
  desired({ plan, stored = [], settings }: Desired, anew = false): void {
    const fallbacks = settings.board?.fallbacks;
    const scenes = [fallbacks?.idle, fallbacks?.linkLost, fallbacks?.powerReturn, fallbacks?.clockUnset];
    this.#storedScenes = stored.length;
    this.#stored = [...stored, ...scenes.flatMap((one) => (one?.show === 'scene' ? [one] : []))];
    const whole = plan?.sha256 === this.#held?.pointer.sha256 && !anew;
    if (!anew && this.#work !== null && this.#work.pointer?.sha256 === plan?.sha256 && !whole) return;
    this.#work?.abort.abort();
    const abort = new AbortController();
    this.#work = { pointer: plan, abort };
    void this.#converge(plan, abort.signal).finally(() => {
      if (this.#work?.abort === abort) this.#work = null;
    });
  }

  /** A file was found damaged: it is fetched again. */
  mend(): void {
    const { governing } = this.#desk.state;
    if (governing !== null && this.#work === null) this.desired(governing.body, true);
  }

  async #converge(pointer: Pointer | null, signal: AbortSignal): Promise<void> {
    const { fault } = this.#desk;
    const stored = this.#gatherStored(signal).catch((error: unknown) =>
      fault('download-failed', String(error)),
    );
    await Promise.race([stored, pause(STORED_FIRST_MS, signal)]);
    const backoff = new Backoff(1_000, 30_000);
    while (!signal.aborted) {
      try {
        if (await this.#attempt(pointer, signal)) break;
      } catch (error) {
        if (!signal.aborted) fault('download-failed', error instanceof Error ? error.message : String(error));
      }
      await pause(backoff.next(), signal);
    }
    await stored;
  }

  async #gatherStored(signal: AbortSignal): Promise<void> {
    const { fetcher, shelf, onChange } = this.#desk;
    const stored = this.#stored;
    await fetcher.gather(stored, signal);
    for (const { sha256 } of stored) {
      const scene = sceneIn(await shelf.take(sha256));
      const files = scene === null ? [] : filesOf(scene);
      this.#stored.push(...files);
      await fetcher.gather(files, signal);
    }
    onChange();
  }

  /** True when there is nothing more to try: held whole, or refused for good. */
  async #attempt(pointer: Pointer | null, signal: AbortSignal): Promise<boolean> {
    const { plans, fetcher, clock, panel } = this.#desk;
    if (pointer === null) {
      await plans.clear();
      this.#held = null;
      this.#coming = null;
      this.#desk.adopt(NO_PLAN, clock.now());
      this.#ready();
      return true;
    }
    const held = this.#held?.pointer.sha256 === pointer.sha256 ? this.#held : null;
    let read: { plan: Plan; jws: string | null } | null =
      held === null ? null : { plan: held.plan, jws: null };
    if (read === null) {
      const reading = await plans.read(
        await fetcher.document(`/device/v1/plans/${pointer.sha256}`, pointer, signal),
        pointer,
        clock.now(),
      );
      if (!reading.ok) return this.#refused(reading.reason, pointer);
      read = reading;
    }
    this.#coming = read.plan;
    if (!(await fetcher.gather(blobsFor(read.plan.blobs, panel()), signal))) return false;
    await this.#whole(read.plan, read.jws, pointer);
    return true;
  }

  async #whole(plan: Plan, jws: string | null, pointer: Pointer): Promise<void> {
    const { plans, clock, state, adopt, shelf } = this.#desk;
    const news = this.#held?.pointer.sha256 !== pointer.sha256;
    if (news || this.#held?.pointer.revision !== pointer.revision) {
      await plans.hold(pointer, jws, clock.now());
    }
    this.#held = { plan, pointer };
    this.#coming = null;
    if (news) adopt(plan, state.governing?.receivedAt ?? clock.now());
    await shelf.keepOnly(this.#named());
    this.#ready();
  }

  /** Files that must stay: of the plan that governs and one that is to come, and of what else needs them. */
  #named(): Set<string> {
    const named = new Set<string>(this.#desk.alsoNeeded());
    for (const { sha256 } of this.#stored) named.add(sha256);
    for (const plan of [this.#held?.plan, this.#coming]) {
      for (const { sha256 } of plan?.blobs ?? []) named.add(sha256);
    }
    return named;
  }

  /** Tells that the desired document holds, when its plan is the one that governs. */
  #ready(): void {
    const { state, ack, clock, onChange } = this.#desk;
    if (state.governing === null || !this.settled) return;
    const { id, body } = state.governing;
    ack({ v: 1, id, subject: 'desired', state: 'ready', revision: body.revision, at: clock.now() });
    onChange();
  }

  #refused(reason: string, { revision }: Pointer): true {
    const { state, ack, clock } = this.#desk;
    const id = state.governing?.id ?? null;
    ack({ v: 1, id, subject: 'plan', state: 'rejected', reason, revision, at: clock.now() });
    return true;
  }
}
