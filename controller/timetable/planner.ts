import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { Plan } from '#devices/plan';
import type { Window } from '#schedules/occurrences';
import { planFleet, planKey } from '#schedules/plan';
import { sameDuties } from '#schedules/same-duties';
import type { Schedule } from '#schedules/schedule';
import { breathe, slices } from '../breathe.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Config } from '../config/settings.ts';
import type { Store } from '../database/open.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import { Concern, PLANNED_ENTITIES } from './concern.ts';
import { type DutyGroup, followedSchedules, groupByDuties, plannedDevices } from './fleet-duties.ts';
import { PlanSealer, type SealedPlan, type SigningKey } from './plan-seal.ts';
import { type Assignment, type CurrentPlan, PlanShelf } from './plan-shelf.ts';
import { PlanWriter } from './plan-text.ts';

export interface PlannerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly config: Pick<Config, 'LOA_PLAN_DAYS'>;
  readonly key: SigningKey;
  /** What may be heard when, and where. */
  readonly guards: Pick<SiteGuards, 'ofDevices'>;
  /** Tells devices that they are to hold another plan. */
  readonly desired: { refresh(devices: Iterable<string>): void | Promise<void> };
}

/** What one planning did. */
export interface Planning {
  /** Devices that were looked at. */
  readonly looked: number;
  /** Devices that are to hold another plan than before. */
  readonly changed: readonly string[];
  /** Plans that were signed and stored. */
  readonly issued: number;
}

const DAY = 86_400_000;
const SETTLE_MS = 300;
const RETRY_MS = 10_000;
/** Plans that are compiled, or stored, without letting anything else have its turn: some 30 ms. */
const SLICE = 20;
const NOTHING: Planning = { looked: 0, changed: [], issued: 0 };

/**
 * Keeps every device's plan right: when a schedule, its content, its targets or a device changes, it compiles the plans
 * of the devices concerned and issues those anew that ask something else of their devices. It works in small steps,
 * one planning at a time; what changes meanwhile is the next one's.
 */
export class Planner implements Component {
  readonly #deps: PlannerDeps;
  readonly #shelf: PlanShelf;
  readonly #sealer: PlanSealer;
  /** By device: what its last plan was compiled from. Tells at once whether a changed device concerns us. */
  readonly #keys = new Map<string, string>();
  /** By duties: the newest plan for them, so that a device that joins others shares theirs. */
  #newest = new Map<string, string>();
  #concern = new Concern();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #work: Promise<unknown> = Promise.resolve();
  #unlisten: (() => void) | undefined;
  #stopped = false;

  constructor(deps: PlannerDeps) {
    this.#deps = deps;
    this.#shelf = new PlanShelf(deps.store);
    this.#sealer = new PlanSealer(deps.key, new PlanWriter());
  }

  /** Begins to listen, and to look at every device once: something may have changed just before a crash. */
  async start(): Promise<void> {
    this.#unlisten = this.#deps.changes.listen((entity, id) => {
      if (!PLANNED_ENTITIES.has(entity)) return;
      this.#concern.add(entity, id);
      this.#arm(SETTLE_MS);
    });
    this.#concern.addAll();
    this.#arm(0);
  }

  async stop(): Promise<void> {
    this.#unlisten?.();
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#work;
  }

  /** Plans what changed until now, without waiting for more. */
  async flush(): Promise<Planning> {
    const concern = this.#concern;
    this.#concern = new Concern();
    const { certain, perhaps } = concern.empty
      ? { certain: new Set<string>(), perhaps: new Set<string>() }
      : concern.devices(this.#deps.store, this.#shelf);
    return this.#next(() => this.#plan(certain, perhaps)).catch((error: unknown) => {
      for (const id of [...certain, ...perhaps]) this.#concern.add('device', id);
      for (const id of certain) this.#keys.delete(id);
      throw error;
    });
  }

  /** Issues the plans anew that have been used up by a day. To be called every hour or so. */
  async topUp(): Promise<Planning> {
    const { store, clock } = this.#deps;
    const due = this.#shelf.endingBefore(clock.now() + this.#horizon - this.#slack);
    const without = store.sqlite
      .prepare<[], string>(
        `SELECT id FROM device d WHERE removed_at IS NULL AND NOT EXISTS
          (SELECT 1 FROM device_plan p WHERE p.device_id = d.id AND p.superseded_at IS NULL)`,
      )
      .pluck()
      .all();
    return this.#next(() => this.#plan(new Set([...due, ...without]), new Set()));
  }

  get #horizon(): number {
    return this.#deps.config.LOA_PLAN_DAYS * DAY;
  }

  /** How much of the horizon may be used up before a plan is issued anew for that alone. */
  get #slack(): number {
    return Math.min(DAY, this.#horizon / 4);
  }

  /** The first change sets the time; those that follow, however many, do not put it off. */
  #arm(delay: number): void {
    const dueAt = performance.now() + delay;
    if (this.#stopped || dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.flush().catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'Planning failed; it is tried again in 10 s.');
        this.#arm(RETRY_MS);
      });
    }, delay);
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => undefined);
    return mine;
  }

  async #plan(certain: ReadonlySet<string>, perhaps: ReadonlySet<string>): Promise<Planning> {
    if (certain.size + perhaps.size === 0) return NOTHING;
    const { store, clock, log, guards } = this.#deps;
    const began = clock.now();
    const all = await plannedDevices(store, new Set([...certain, ...perhaps]), guards);
    const keys = new Map(all.map((device) => [device.id, planKey(device)]));
    const devices = all.filter(({ id }) => certain.has(id) || keys.get(id) !== this.#keys.get(id));
    const present = new Set(all.map(({ id }) => id));
    const gone = [...certain, ...perhaps].filter((id) => !present.has(id));
    if (devices.length + gone.length === 0) return NOTHING;

    const schedules = await followedSchedules(store, devices);
    const held = new Map<string, CurrentPlan>();
    for (const slice of slices([...devices.map(({ id }) => id), ...gone], 1_000)) {
      for (const plan of this.#shelf.current(slice)) held.set(plan.device, plan);
      await breathe();
    }
    const assignments: Assignment[] = gone
      .filter((device) => held.has(device))
      .map((device) => ({ device, sha256: null }));
    const groups = groupByDuties(devices, schedules);
    const issued = await this.#issue(groups, schedules, held, assignments);

    this.#shelf.assign(assignments, clock.now());
    for (const device of devices) this.#keys.set(device.id, keys.get(device.id) ?? '');
    for (const id of gone) this.#keys.delete(id);
    const changed = assignments.flatMap(({ device, sha256 }) => (sha256 === null ? [] : device));
    if (assignments.length > 0) {
      log.info(
        { devices: devices.length, changed: changed.length, issued, ms: clock.now() - began },
        'Plans were issued.',
      );
      await this.#deps.desired.refresh(changed);
      for (const { device } of assignments) this.#deps.changes.announce('plan', device);
    }
    return { looked: devices.length, changed, issued };
  }

  /** Compiles slice after slice; one is signed in the thread pool while the one before is stored. */
  async #issue(
    groups: readonly DutyGroup[],
    schedules: ReadonlyMap<string, Schedule>,
    held: ReadonlyMap<string, CurrentPlan>,
    assignments: Assignment[],
  ): Promise<number> {
    const now = this.#deps.clock.now();
    const window = { from: now, to: now + this.#horizon };
    let issued = 0;
    const store = (plans: readonly SealedPlan[]) => {
      if (plans.length > 0) this.#shelf.put(plans, now);
      issued += plans.length;
    };
    let signing: Promise<SealedPlan[]> = Promise.resolve([]);
    for (const slice of slices(groups, SLICE)) {
      const next = Promise.all(this.#compile(slice, schedules, held, window, assignments));
      // Should the storing fail, this promise is not waited for any more.
      next.catch(() => undefined);
      store(await signing);
      signing = next;
      await breathe();
    }
    store(await signing);
    return issued;
  }

  #compile(
    groups: readonly DutyGroup[],
    schedules: ReadonlyMap<string, Schedule>,
    held: ReadonlyMap<string, CurrentPlan>,
    window: Window,
    assignments: Assignment[],
  ): Promise<SealedPlan>[] {
    const named = new Set(groups.flatMap(({ model }) => model.schedules));
    const needed = [...named].flatMap((id) => schedules.get(id) ?? []);
    const models = groups.map(({ model }) => model);
    const { plans, keyOf } = planFleet(models, needed, window);
    const sealing: Promise<SealedPlan>[] = [];
    for (const { key, devices } of groups) {
      const fresh = plans.get(keyOf.get(key) ?? '');
      if (fresh === undefined) throw new Error(`There is no plan for the duties ${key}.`);
      const standing = this.#stillRight(key, devices, fresh, held, window.from);
      const assign = (sha256: string) => {
        this.#remember(key, sha256);
        for (const device of devices) {
          if (held.get(device)?.sha256 !== sha256) assignments.push({ device, sha256 });
        }
      };
      if (standing !== null) assign(standing);
      else {
        const sealed = this.#sealer.seal(fresh, ulid(window.from), window.from);
        sealing.push(
          sealed.then((plan) => {
            assign(plan.sha256);
            return plan;
          }),
        );
      }
    }
    return sealing;
  }

  /** A plan that is out already, asks the same as the fresh one and reaches as far: most are given to most devices. */
  #stillRight(
    key: string,
    devices: readonly string[],
    fresh: Plan,
    held: ReadonlyMap<string, CurrentPlan>,
    now: number,
  ): string | null {
    const holders = new Map<string, number>();
    for (const device of devices) {
      const sha256 = held.get(device)?.sha256;
      if (sha256 !== undefined) holders.set(sha256, (holders.get(sha256) ?? 0) + 1);
    }
    const newest = this.#newest.get(key);
    if (newest !== undefined && !holders.has(newest)) holders.set(newest, 0);
    const byHolders = [...holders].sort((a, b) => b[1] - a[1]).slice(0, 3);
    for (const [sha256] of byHolders) {
      const plan = this.#shelf.read(sha256);
      if (plan === null || fresh.validUntil - plan.validUntil >= this.#slack) continue;
      if (sameDuties(plan, fresh, now)) return sha256;
    }
    return null;
  }

  #remember(key: string, sha256: string): void {
    if (this.#newest.size > 20_000) this.#newest = new Map();
    this.#newest.set(key, sha256);
  }
}
