import { boardMode } from '#devices/board/mode';
import { Heartbeat } from '#devices/messages/heartbeat';
import { zoneOf } from '#schedules/zone';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { BoardSite } from '../desired/board-settings.ts';
import { notFound } from '../failure.ts';
import type { BoardView, OnBoard } from '../http/contract/boards.ts';
import { renderedAs, seenAs } from './agreement.ts';
import { panelOf } from './panels.ts';
import { type BoardPicture, newestPictures } from './pictures.ts';
import type { Proofs } from './proofs.ts';
import { Standings, type Wanted } from './standing.ts';

export interface BoardStatesDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Of the site's wall clock, by its IANA name. */
  readonly zone: string;
  readonly proofs: Pick<Proofs, 'of'>;
  /** When a device was heard last, epoch ms, where that is known beyond the database. */
  readonly heardAt: (device: string) => number | null;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly area_id: string | null;
  readonly area_name: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly capabilities: string;
  readonly board: string | null;
  readonly status: string;
  readonly last_heard_at: number | null;
  readonly last_heartbeat: string | null;
  readonly held_plan_sha256: string | null;
  readonly held_plan_since: number | null;
  readonly frozen_since: number | null;
}

const ROWS = `SELECT d.id, d.name, d.kind, d.area_id, a.name AS area_name, d.latitude, d.longitude, d.capabilities, d.board,
    d.status, d.last_heard_at, d.last_heartbeat, d.held_plan_sha256, d.held_plan_since, d.frozen_since
  FROM device d LEFT JOIN area a ON a.id = d.area_id WHERE d.kind = 'board' AND d.removed_at IS NULL`;

/** A picture that is older is not what is lit now. */
export const FRESH_MS = 3_600_000;
const Said = Heartbeat.pick({ board: true, brightness: true });

/** What differs for so long is no matter of words that cross on their way. */
const DIFFERS_AFTER_MS = 60_000;
/** Looked at for the overview at most so often. */
const LOOKED_MS = 5_000;

/** The four states of boards: what is wanted on each, whether it knows, what it drew, and what was seen on it. */
export class BoardStates {
  readonly #deps: BoardStatesDeps;
  readonly #standings: Standings;
  /** By board: since when it was seen to show something else than it should. */
  readonly #differs = new Map<string, number>();
  /** By board: what it was to show and why it said to show something else, and since when, as far as it was looked at. */
  readonly #turns = new Map<string, { readonly what: string; readonly at: number }>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #differing: readonly { id: string; name: string; since: number }[] = [];

  constructor(deps: BoardStatesDeps) {
    this.#deps = deps;
    this.#standings = new Standings(deps.store);
  }

  /** Every board, by name; a handful of queries however many there are. */
  list(): BoardView[] {
    return this.#views(this.#deps.store.sqlite.prepare<[], Row>(`${ROWS} ORDER BY d.name, d.id`).all());
  }

  /** @throws Failure `not-found`, also of a device that is no board. */
  one(id: string): BoardView {
    const [view] = this.#views(
      this.#deps.store.sqlite.prepare<[string], Row>(`${ROWS} AND d.id = ?`).all(id),
    );
    if (view === undefined) throw notFound('board', id);
    return view;
  }

  /** Boards that have shown something else than they should for a minute. */
  differing(): readonly { readonly id: string; readonly name: string; readonly since: number }[] {
    const now = this.#deps.clock.now();
    if (now - this.#lookedAt < LOOKED_MS) return this.#differing;
    this.#lookedAt = now;
    const different = this.list().filter(
      ({ online, rendered, seen }) =>
        online && (rendered?.as === 'different' || (seen?.fresh === true && seen.as === 'different')),
    );
    const ids = new Set(different.map(({ id }) => id));
    for (const id of this.#differs.keys()) if (!ids.has(id)) this.#differs.delete(id);
    for (const id of ids) if (!this.#differs.has(id)) this.#differs.set(id, now);
    this.#differing = different
      .map(({ id, name }) => ({ id, name, since: this.#differs.get(id) ?? now }))
      .filter(({ since }) => now - since >= DIFFERS_AFTER_MS);
    return this.#differing;
  }

  /** What has a claim to boards now, and which of it stands. */
  wanted(boards: readonly string[]): Map<string, Wanted> {
    return this.#standings.of(boards, this.#deps.clock.now());
  }

  #views(rows: readonly Row[]): BoardView[] {
    const { store, clock, zone } = this.#deps;
    const now = clock.now();
    const ids = rows.map(({ id }) => id);
    const wanted = this.#standings.of(ids, now);
    const pictures = newestPictures(store, ids);
    const site = new BoardSite(store, '', zoneOf(zone).toLocal(now) - now);
    return rows.map((row) => this.#view(row, wanted.get(row.id), pictures.get(row.id), site, now));
  }

  #view(
    row: Row,
    wanted: Wanted | undefined,
    picture: BoardPicture | undefined,
    site: BoardSite,
    now: number,
  ): BoardView {
    const { panel, display, viewingMetres, pictureEveryMinutes } = panelOf(row);
    const said = row.last_heartbeat === null ? null : Said.parse(JSON.parse(row.last_heartbeat));
    const report = said?.board ?? null;
    const heard = this.#deps.heardAt(row.id);
    const heardAt = heard === null ? row.last_heard_at : Math.max(heard, row.last_heard_at ?? 0);
    const online = row.status === 'online' || row.status === 'fault';
    const settings = site.settingsOf(row);
    const emergency = wanted?.chosen?.claim.occurrence.priority === 'emergency';
    const facts = { clockSet: true, unlinkedMs: 0, returningMs: null };
    const { mode } = boardMode(settings, { chosen: emergency ? 'emergency' : 'other', ...facts }, now);
    const chosen = mode === 'off' ? null : (wanted?.chosen ?? null);
    const scenes = scenesOf(chosen);
    const turnedAt = this.#turnedAt(row.id, `${chosen?.claim.occurrence.id} ${report?.mode}`, now);
    const proofs = (scene: string) => (panel === null ? null : this.#deps.proofs.of(scene, panel));
    const fallbacks = Object.values(settings.fallbacks).flatMap((fallback) =>
      typeof fallback === 'object' && fallback.show === 'scene' ? fallback.sha256 : [],
    );
    return {
      id: row.id,
      name: row.name,
      areaName: row.area_name,
      panel,
      display,
      online,
      lastHeardAt: heardAt,
      mode: report?.mode ?? null,
      desired: chosen === null ? null : onBoard(chosen),
      acknowledged: this.#acknowledged(row, wanted, chosen),
      rendered:
        report === null || heardAt === null
          ? null
          : {
              sceneSha256: report.scene?.sha256 ?? null,
              page: report.scene?.page ?? null,
              of: report.scene?.of ?? null,
              pixelsSha256: report.pixelsSha256 ?? null,
              as: renderedAs(report, { scenes, since: chosen?.since ?? null, fallbacks, heardAt, proofs }),
              at: heardAt,
            },
      seen:
        picture === undefined
          ? null
          : {
              pictureId: picture.id,
              at: picture.at,
              fresh: now - picture.at <= FRESH_MS,
              as: seenAs(picture, { scenes, since: chosen?.since ?? null, proofs, turnedAt }),
            },
      frozenSince: online ? row.frozen_since : null,
      powered: online ? (report?.powered ?? null) : null,
      deadPixels: report?.deadPixels ?? null,
      brightness: said?.brightness ?? null,
      lux: report?.lux ?? null,
      viewingMetres,
      pictureEveryMinutes,
    };
  }

  #turnedAt(board: string, what: string, now: number): number {
    const known = this.#turns.get(board);
    if (known?.what === what) return known.at;
    this.#turns.set(board, { what, at: now });
    return now;
  }

  /** By the plan that it holds, or by its own word about the broadcast. */
  #acknowledged(row: Row, wanted: Wanted | undefined, chosen: Wanted['chosen']): BoardView['acknowledged'] {
    const held = row.held_plan_sha256;
    const at = row.held_plan_since;
    if (chosen !== null && chosen.claim.broadcast !== null) {
      const share = wanted?.share ?? null;
      const is = share !== null && (share.state === 'ready' || share.state === 'started');
      return { is, at: is ? share.at : null };
    }
    if (held !== null && held === (wanted?.plan ?? null)) return { is: true, at };
    // An older plan may have the very same in it.
    const wish = chosen?.claim.occurrence;
    const same =
      wish !== undefined &&
      held !== null &&
      this.#standings
        .plan(held)
        .some(
          ({ id, endAt, parts }) =>
            id === wish.id && endAt === wish.endAt && JSON.stringify(parts) === JSON.stringify(wish.parts),
        );
    return same ? { is: true, at } : { is: false, at: null };
  }
}

/** Every scene of what was chosen: of what goes round any may stand, when something came between. */
const scenesOf = (chosen: Wanted['chosen']): ReadonlySet<string> =>
  new Set(chosen?.claim.occurrence.parts.map(({ sha256 }) => sha256) ?? []);

function onBoard({ claim, since, part }: NonNullable<Wanted['chosen']>): OnBoard {
  const { id, title, priority, endAt } = claim.occurrence;
  return { occurrence: id, title, priority, sceneSha256: part?.sha256 ?? null, since, until: endAt };
}
