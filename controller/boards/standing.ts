import { Broadcast, occurrenceOf } from '#devices/broadcast';
import type { MediaType, PlanOccurrence } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import type { Store } from '../database/open.ts';
import { PlanShelf } from '../timetable/plan-shelf.ts';
import { type BoardClaim, type Chosen, chosenAmong } from './claims.ts';

/** How far a board came with a broadcast. */
export interface Share {
  readonly state: string;
  readonly at: number;
}

/** What the controller wants on a board now, and what it knows of the board's knowing it. */
export interface Wanted {
  readonly chosen: Chosen | null;
  /** Of the broadcast that was chosen. */
  readonly share: Share | null;
  /** The plan that it is to hold. */
  readonly plan: string | null;
  /** Everything that has a claim, chosen or not. */
  readonly claims: readonly BoardClaim[];
}

interface OpenBroadcast {
  readonly id: string;
  readonly body: string;
  readonly t0: number | null;
  readonly created_at: number;
}

const MOST_PLANS = 200;
const SCENES: ReadonlySet<MediaType> = new Set([SCENE_TYPE]);

/**
 * What stands, or is to stand, on boards: the devices' own rule asked over their plans and the broadcasts that are open.
 * A few queries for any number of boards, which mostly share a few plans.
 */
export class Standings {
  readonly #store: Store;
  readonly #shelf: PlanShelf;
  /** By name: what of a plan is for a board. A plan never changes. */
  readonly #plans = new Map<string, readonly PlanOccurrence[]>();

  constructor(store: Store) {
    this.#store = store;
    this.#shelf = new PlanShelf(store);
  }

  /** @param now epoch ms. */
  of(boards: readonly string[], now: number): Map<string, Wanted> {
    const plans = new Map(this.#shelf.current(boards).map(({ device, sha256 }) => [device, sha256]));
    const { open, shares } = this.#open(boards, now);
    const planned = new Map<string, readonly BoardClaim[]>();
    for (const sha256 of new Set(plans.values())) {
      const due = this.plan(sha256).filter(({ startAt, endAt }) => startAt <= now && endAt > now);
      planned.set(
        sha256,
        due.map((occurrence) => ({ occurrence, broadcast: null })),
      );
    }
    const stopped = this.#stopped([...planned.values()].flat(), boards);
    const choices = new Map<string, Pick<Wanted, 'chosen' | 'claims'>>();
    return new Map(
      boards.map((board): [string, Wanted] => {
        const plan = plans.get(board) ?? null;
        const own = shares.get(board) ?? new Map<string, Share>();
        const stops = stopped.get(board);
        const key = JSON.stringify([plan, [...own.keys()], [...(stops ?? [])]]);
        const known = choices.get(key) ?? choose(planned.get(plan ?? '') ?? [], own, open, stops, now);
        choices.set(key, known);
        const share = known.chosen?.claim.broadcast ?? null;
        return [board, { ...known, plan, share: share === null ? null : (own.get(share) ?? null) }];
      }),
    );
  }

  /** What of a plan is for boards; nothing of one that was pruned. */
  plan(sha256: string): readonly PlanOccurrence[] {
    const known = this.#plans.get(sha256);
    if (known !== undefined) return known;
    const occurrences = (this.#shelf.read(sha256)?.occurrences ?? []).filter(({ parts }) =>
      parts.some(({ type }) => type === SCENE_TYPE),
    );
    const [oldest] = this.#plans.keys();
    if (this.#plans.size >= MOST_PLANS && oldest !== undefined) this.#plans.delete(oldest);
    this.#plans.set(sha256, occurrences);
    return occurrences;
  }

  #open(boards: readonly string[], now: number) {
    const { sqlite } = this.#store;
    const broadcasts = sqlite
      .prepare<[], OpenBroadcast>(
        `SELECT id, body, t0, created_at FROM broadcast
          WHERE state IN ('preparing', 'started') AND rehearsal = 0 ORDER BY id`,
      )
      .all();
    const shares = new Map<string, Map<string, Share>>();
    const open = new Map<string, BoardClaim>();
    if (broadcasts.length === 0) return { open, shares };
    for (const { id, body, t0 } of broadcasts) {
      // One that is still being prepared will stand soon; nobody knows when.
      const occurrence = occurrenceOf(Broadcast.parse(JSON.parse(body)), t0 ?? Math.ceil(now), SCENES);
      if (occurrence !== null) open.set(id, { occurrence, broadcast: id });
    }
    const rows = sqlite
      .prepare<[string, string], { device: string; broadcast: string; state: string; at: number }>(
        `SELECT s.device_id AS device, s.broadcast_id AS broadcast, s.state, s.updated_at AS at
          FROM json_each(?) b JOIN json_each(?) d
          CROSS JOIN broadcast_device s ON s.broadcast_id = b.value AND s.device_id = d.value
          WHERE s.stop_asked = 0 AND s.state NOT IN ('ended', 'stopped')`,
      )
      .all(JSON.stringify([...open.keys()]), JSON.stringify(boards));
    for (const { device, broadcast, state, at } of rows) {
      const own = shares.get(device) ?? new Map<string, Share>();
      own.set(broadcast, { state, at });
      shares.set(device, own);
    }
    return { open, shares };
  }

  /** What somebody took off a board though its plan has it: it does not come back. */
  #stopped(claims: readonly BoardClaim[], boards: readonly string[]): Map<string, Set<string>> {
    const stopped = new Map<string, Set<string>>();
    if (claims.length === 0) return stopped;
    const rows = this.#store.sqlite
      .prepare<[string, string], { device: string; occurrence: string }>(
        `SELECT DISTINCT r.device_id AS device, r.occurrence FROM json_each(?) o
          CROSS JOIN as_run r INDEXED BY as_run_occurrence ON r.occurrence = o.value
          WHERE r.device_id IN (SELECT value FROM json_each(?)) AND r.record ->> '$.end' = 'stopped'`,
      )
      .all(
        JSON.stringify([...new Set(claims.map(({ occurrence }) => occurrence.id))]),
        JSON.stringify(boards),
      );
    for (const { device, occurrence } of rows) {
      stopped.set(device, (stopped.get(device) ?? new Set()).add(occurrence));
    }
    return stopped;
  }
}

function choose(
  planned: readonly BoardClaim[],
  shares: ReadonlyMap<string, Share>,
  open: ReadonlyMap<string, BoardClaim>,
  stopped: ReadonlySet<string> | undefined,
  now: number,
): Pick<Wanted, 'chosen' | 'claims'> {
  const byHand = [...shares.keys()].flatMap((id) => open.get(id) ?? []);
  const byPlan = planned.filter(({ occurrence }) => stopped?.has(occurrence.id) !== true);
  const claims = [...byPlan, ...byHand];
  return { chosen: chosenAmong(claims, now), claims };
}
