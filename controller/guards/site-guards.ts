import { type Guarded, type GuardReason, type Guards, guardAgainst } from '#devices/guards';
import { type Zone, zoneOf } from '#schedules/zone';
import type { Changes } from '../changes.ts';
import type { Store } from '../database/open.ts';
import type { AllowedHours, GuardsPolicy } from '../http/contract/policies.ts';
import { guardsOf } from './guards-of.ts';
import type { AreaHours, Party } from './hours.ts';

export interface SiteGuardsDeps {
  readonly store: Store;
  /** What an administrator decided; the same object until it is changed. */
  readonly policy: () => GuardsPolicy;
  /** The wall clock of the site, by its IANA name. */
  readonly zone: string;
}

/** The guards that an administrator set, for whoever saves, plans, dispatches or plays: one rule, asked everywhere. */
export class SiteGuards {
  readonly zone: Zone;
  readonly #deps: SiteGuardsDeps;
  #made: { policy: GuardsPolicy; hours: Map<string, AreaHours> } | null = null;

  constructor(deps: SiteGuardsDeps) {
    this.#deps = deps;
    this.zone = zoneOf(deps.zone);
  }

  /** Of devices in no area with hours of its own. */
  get site(): AreaHours {
    return this.#hours(null);
  }

  /** Why something is heard nowhere on the site; null when some area may hear it. */
  nowhere(asked: Guarded): GuardReason | null {
    const areas = this.#deps.policy().areas.map(({ areaId }) => this.#hours(areaId));
    const reasons = [this.site, ...areas].map((hours) => guardAgainst(hours.guardsAt(asked.startAt), asked));
    return reasons.includes(null) ? null : (reasons[0] ?? null);
  }

  /** The hours where each device hangs: the nearest area above it that has its own, or the site. */
  ofDevices(devices: Iterable<string>): Map<string, AreaHours> {
    const { store, policy } = this.#deps;
    const own = new Set(policy().areas.map(({ areaId }) => areaId));
    if (own.size === 0) return new Map([...devices].map((id) => [id, this.site]));
    const areas = areasOf(store);
    const nearest = new Map<string | null, string | null>();
    const rows = store.sqlite
      .prepare<[string], { id: string; area_id: string | null }>(
        'SELECT d.id, d.area_id FROM json_each(?) j JOIN device d ON d.id = j.value',
      )
      .all(JSON.stringify([...devices]));
    return new Map(
      rows.map(({ id, area_id }) => {
        const area = nearest.get(area_id) ?? climb(areas, area_id, own);
        nearest.set(area_id, area);
        return [id, this.#hours(area, area === null ? undefined : areas.get(area)?.name)];
      }),
    );
  }

  /** The same, put together: devices with the same hours are one party. Where there are none, the site stands for them. */
  among(devices: Iterable<string>): Party[] {
    const ids = [...devices];
    if (this.#deps.policy().areas.length === 0) return [{ hours: this.site, devices: ids.length }];
    const counts = new Map<AreaHours, number>();
    for (const hours of this.ofDevices(ids).values()) counts.set(hours, (counts.get(hours) ?? 0) + 1);
    if (counts.size === 0) counts.set(this.site, 0);
    return [...counts].map(([hours, count]) => ({ hours, devices: count }));
  }

  /** Calls when they were changed. */
  onChanged(changes: Changes, listener: () => void): () => void {
    return changes.listen((entity, id) => {
      if (entity === 'policy' && id === 'guards') listener();
    });
  }

  #hours(areaId: string | null, name?: string): AreaHours {
    const policy = this.#deps.policy();
    if (this.#made?.policy !== policy) this.#made = { policy, hours: new Map() };
    const known = this.#made.hours.get(areaId ?? '');
    if (known !== undefined && known.area === (name ?? null)) return known;
    const allowed = policy.areas.find((area) => area.areaId === areaId)?.allowed ?? policy.allowed;
    const made = hoursOf(policy, allowed, this.zone, name ?? null);
    this.#made.hours.set(areaId ?? '', made);
    return made;
  }
}

function hoursOf(
  policy: GuardsPolicy,
  allowed: readonly AllowedHours[],
  zone: Zone,
  area: string | null,
): AreaHours {
  const byOffset = new Map<number, Guards>();
  return {
    // Where an area's hours are those of the site, its devices go on sharing plans with the others.
    key: allowed === policy.allowed ? '' : JSON.stringify(allowed),
    area,
    guardsAt: (at) => {
      const offsetMs = zone.toLocal(at) - at;
      const known = byOffset.get(offsetMs) ?? guardsOf(policy, allowed, offsetMs, zone);
      byOffset.set(offsetMs, known);
      return known;
    },
  };
}

interface Area {
  readonly name: string;
  readonly parent: string | null;
}

function areasOf({ sqlite }: Store): Map<string, Area> {
  const rows = sqlite
    .prepare<[], { id: string; name: string; parent: string | null }>(
      'SELECT id, name, parent_id AS parent FROM area WHERE removed_at IS NULL',
    )
    .all();
  return new Map(rows.map(({ id, name, parent }) => [id, { name, parent }]));
}

function climb(
  areas: ReadonlyMap<string, Area>,
  from: string | null,
  own: ReadonlySet<string>,
): string | null {
  for (let area = from; area !== null; area = areas.get(area)?.parent ?? null) {
    if (own.has(area) && areas.has(area)) return area;
  }
  return null;
}
