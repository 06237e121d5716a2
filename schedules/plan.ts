import type { DeviceKind } from '#devices/kind';
import type { Plan, PlanBlob } from '#devices/plan';
import { type DeviceClass, type Duties, dutiesOf, MAX_OCCURRENCES, startsFor } from './duties.ts';
import type { Window } from './occurrences.ts';
import type { Schedule } from './schedule.ts';
import { byText } from './text-order.ts';

/** What the contract lets one plan hold (`Plan` in `devices/plan.ts`), as `MAX_OCCURRENCES`. */
export const MAX_BLOBS = 5_000;

/** Joins the duties of several schedules to one plan: by start, equal starts by id, every blob once. */
export function joinDuties(duties: readonly Duties[], window: Window): Plan {
  const occurrences = duties.flatMap((each) => each.occurrences);
  occurrences.sort((a, b) => a.startAt - b.startAt || byText(a.id, b.id));
  const withheld = duties.flatMap((each) => each.withheld);
  withheld.sort((a, b) => a.startAt - b.startAt || byText(a.id, b.id));
  const blobs = new Map<string, PlanBlob>();
  for (const each of duties) for (const blob of each.blobs) blobs.set(blob.sha256, blob);
  const plan: Plan = {
    v: 1,
    validFrom: window.from,
    validUntil: window.to,
    occurrences,
    ...(withheld.length === 0 ? {} : { withheld: withheld.slice(0, MAX_OCCURRENCES) }),
    blobs: [...blobs.values()].sort((a, b) => byText(a.sha256, b.sha256)),
  };
  return occurrences.length > MAX_OCCURRENCES || blobs.size > MAX_BLOBS ? shorten(plan) : plan;
}

/**
 * A plan beyond the contract's limits ends before the first occurrence that no longer fits, and says so in
 * `validUntil`: it is re-issued sooner, and nothing in it is left out.
 */
function shorten(plan: Plan): Plan {
  const named = new Set<string>();
  let fitting = 0;
  for (const { parts } of plan.occurrences) {
    for (const { sha256 } of parts) named.add(sha256);
    if (fitting === MAX_OCCURRENCES || named.size > MAX_BLOBS) break;
    fitting += 1;
  }
  const validUntil = plan.occurrences[fitting]?.startAt ?? plan.validUntil;
  const occurrences = plan.occurrences.slice(0, fitting).filter(({ startAt }) => startAt < validUntil);
  const kept = new Set(occurrences.flatMap(({ parts }) => parts.map(({ sha256 }) => sha256)));
  // Which scene names which picture is not known here: all of them stay.
  const blobs = plan.blobs.filter(({ sha256, type }) => kept.has(sha256) || /^(image|video)\//.test(type));
  const withheld = plan.withheld?.filter(({ startAt }) => startAt < validUntil);
  return { ...plan, validUntil, occurrences, ...(withheld === undefined ? {} : { withheld }), blobs };
}

/** The plan of a class of devices that has all the given schedules. */
export function buildPlan(schedules: readonly Schedule[], device: DeviceClass, window: Window): Plan {
  return joinDuties(
    schedules.map((schedule) => dutiesOf(schedule, device, startsFor(schedule, window, device.kind))),
    window,
  );
}

export interface PlannedDevice extends DeviceClass {
  readonly id: string;
  /** Ids of the schedules that target it, in any order. One that is not among the given schedules is ignored. */
  readonly schedules: readonly string[];
}

export interface FleetPlan {
  readonly plans: ReadonlyMap<string, Plan>;
  /** Device id → key of its plan. */
  readonly keyOf: ReadonlyMap<string, string>;
}

/** By list: a fleet has few, each shared by many devices. */
const written = new WeakMap<readonly string[], string>();

/** Devices with one key share one plan: same kind, same codec, same guards, same schedules. */
export function planKey({
  kind,
  codec,
  hours,
  schedules,
}: DeviceClass & { readonly schedules: readonly string[] }): string {
  const text = written.get(schedules) ?? [...new Set(schedules)].sort(byText).join(' ');
  written.set(schedules, text);
  return `${classKey({ kind, codec, hours })} ${text}`;
}

const classKey = ({ kind, codec, hours }: { [K in keyof DeviceClass]: DeviceClass[K] | undefined }): string =>
  `${kind} ${codec ?? '-'}${hours === undefined || hours.key === '' ? '' : ` ${hours.key}`}`;

/**
 * The plans of many devices. The occurrences of a schedule are reckoned once, its duties once per class of device,
 * a plan once per key; parts are shared objects, so that a thousand plans fit in memory. A device without schedules
 * has an empty plan: it must learn that nothing is to be played.
 */
export function planFleet(
  devices: readonly PlannedDevice[],
  schedules: readonly Schedule[],
  window: Window,
): FleetPlan {
  const known = new Map(schedules.map((schedule) => [schedule.id, schedule]));
  const starts = new Map<string, readonly number[]>();
  const duties = new Map<string, Duties>();
  const plans = new Map<string, Plan>();
  const keyOf = new Map<string, string>();

  const startsOf = (schedule: Schedule, kind: DeviceKind) =>
    remember(starts, `${kind} ${schedule.id}`, () => startsFor(schedule, window, kind));
  const dutiesFor = (schedule: Schedule, device: DeviceClass) =>
    remember(duties, `${classKey(device)} ${schedule.id}`, () =>
      dutiesOf(schedule, device, startsOf(schedule, device.kind)),
    );

  for (const device of devices) {
    const mine = [...new Set(device.schedules)].flatMap((id) => known.get(id) ?? []);
    const key = planKey({ ...device, schedules: mine.map(({ id }) => id) });
    keyOf.set(device.id, key);
    remember(plans, key, () =>
      joinDuties(
        mine.map((schedule) => dutiesFor(schedule, device)),
        window,
      ),
    );
  }
  return { plans, keyOf };
}

function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
