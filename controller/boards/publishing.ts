import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { RANK } from '#devices/arbitrate';
import type { BroadcastPart } from '#devices/broadcast';
import { lint } from '#devices/lint/lint';
import type { PriorityClass } from '#devices/plan';
import { SCENE_TYPE, Scene } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import { type Broadcasts, SINGLE_PHASE_LEAD_MS } from '../broadcasts/broadcasts.ts';
import { refuseUnmade } from '../broadcasts/compose.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { BroadcastSummary } from '../http/contract/broadcasts.ts';
import type { PanelFindings, Standing } from '../http/contract/lint.ts';
import type { Target } from '../http/contract/schedules.ts';
import { sceneFiles } from '../timetable/content.ts';
import { devicesOfTargets } from '../timetable/reach.ts';
import { checkTargets } from '../timetable/schedule-check.ts';
import { refuseMissingLetters } from './letters.ts';
import { type BoardPanel, boardPanelsOf } from './panels.ts';
import type { BoardStates } from './states.ts';

export interface PublishingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly blobs: Pick<BlobStore, 'path'>;
  readonly broadcasts: Pick<Broadcasts, 'air' | 'withdraw'>;
  readonly states: Pick<BoardStates, 'wanted'>;
}

export interface PublishRequest {
  readonly programmeId: string;
  readonly targets: readonly Target[];
  /** Epoch ms. */
  readonly until: number;
  readonly priority: PriorityClass;
  readonly acceptWarnings: boolean;
  readonly replace: boolean;
}

interface Programme {
  readonly id: string;
  readonly title: string;
  readonly scene_sha256: string;
  readonly bytes: number;
}

const SHORTEST_MS = 2_000;
const LONGEST_MS = 31 * 86_400_000;
const MOST_NAMED = 20;
/** Nobody is asked whether it is ready: short scenes are in the message itself, and who fetches joins when it has. */
const PATIENCE_MS = 500;

/** Puts a programme on boards now, until a moment, where it can be read and nothing else is in its way. */
export class Publishing {
  readonly #deps: PublishingDeps;

  constructor(deps: PublishingDeps) {
    this.#deps = deps;
  }

  /**
   * @throws Failure 422 `bad-until`, `nothing-to-show`, `no-boards`, `letters-missing`, `board-findings` (with
   *   `findings`); 409 `content-not-ready`, `board-busy` (with `standing`); `unknown-content`, `unknown-target`; what
   *   {@link Broadcasts.air} throws.
   */
  async publish(request: PublishRequest, by: string | null): Promise<BroadcastSummary> {
    const { store, clock, broadcasts, log } = this.#deps;
    const { until, priority, replace } = request;
    refuseUntil(until, clock.now());
    const programme = this.#programme(request.programmeId);
    const targets = checkTargets(store, request.targets);
    const boards = boardPanelsOf(store, devicesOfTargets(store, targets));
    if (boards.length === 0) {
      throw new Failure('no-boards', 'There is no board among the chosen devices; choose others.', {
        status: 422,
      });
    }
    const scene = await this.#scene(programme);
    refuseMissingLetters(scene);
    this.#refuseUnreadable(scene, boards, request.acceptWarnings, programme.title);
    const standing = this.#standing(boards, priority);
    if (standing.length > 0 && !replace) throw busy(standing, programme.title);
    const { title } = programme;
    // Reading took its time.
    refuseUntil(until, clock.now());
    // It ends at its very moment, not so long after it began.
    const t0 = Math.ceil(clock.now() + SINGLE_PHASE_LEAD_MS);
    const durationMs = until - t0;
    const files = sceneFiles(store, [programme]).get(programme.scene_sha256) ?? [];
    const part: BroadcastPart = {
      ...{ role: 'programme', programme: programme.id, title, offsetMs: 0, durationMs },
      renditions: [{ sha256: programme.scene_sha256, bytes: programme.bytes, type: SCENE_TYPE }],
      ...(files.length === 0 ? {} : { files: [...files] }),
    };
    const summary = await broadcasts.air({
      content: { kind: 'programme', id: programme.id },
      composition: { title, parts: [part], durationMs },
      ...{ targets, priority, by, resume: 'join', volume: null },
      ...{ patienceMs: PATIENCE_MS, t0 },
    });
    log.info({ audit: 'published', broadcast: summary.id, programme: programme.id, until, by }, 'published');
    // Not before: what stands there stands until the new one can take its place.
    const ids = boards.map(({ id }) => id);
    for (const { broadcastId } of standing) {
      if (broadcastId !== null) await broadcasts.withdraw(broadcastId, ids, by);
    }
    return summary;
  }

  #programme(id: string): Programme {
    const { store } = this.#deps;
    const row = store.sqlite
      .prepare<[string], { id: string; title: string; scene_sha256: string | null; bytes: number | null }>(
        `SELECT p.id, p.title, p.scene_sha256, b.bytes FROM programme p LEFT JOIN blob b ON b.sha256 = p.scene_sha256
          WHERE p.id = ? AND p.removed_at IS NULL`,
      )
      .get(id);
    if (row === undefined) {
      throw new Failure(
        'unknown-content',
        `There is no programme ${id}; it may have been removed. Choose another, or restore it.`,
        { params: { kind: 'programme', id } },
      );
    }
    refuseUnmade(store, { kind: 'programme', id });
    const { title, scene_sha256, bytes } = row;
    if (scene_sha256 === null || bytes === null) {
      throw new Failure(
        'nothing-to-show',
        `“${title}” has nothing for boards; give it a notice, or compose something.`,
        { status: 422, params: { title } },
      );
    }
    return { id, title, scene_sha256, bytes };
  }

  async #scene({ scene_sha256 }: Programme): Promise<Scene> {
    const text = await readFile(this.#deps.blobs.path(scene_sha256), 'utf8');
    return Scene.parse(JSON.parse(text));
  }

  /** Judged once for each size of board that is read from one distance. */
  #refuseUnreadable(
    scene: Scene,
    boards: readonly BoardPanel[],
    acceptWarnings: boolean,
    title: string,
  ): void {
    const alike = new Map<string, BoardPanel[]>();
    for (const board of boards) {
      const key = JSON.stringify([board.panel, board.viewingMetres]);
      alike.set(key, [...(alike.get(key) ?? []), board]);
    }
    const now = this.#deps.clock.now();
    const found: PanelFindings[] = [];
    for (const group of alike.values()) {
      const [first] = group;
      if (first === undefined || first.panel === null) continue;
      const { panel, viewingMetres } = first;
      const findings = lint(scene, panel, { viewingMetres, night: false, now });
      if (findings.length === 0) continue;
      found.push({ width: panel.width, height: panel.height, boards: namesOf(group), findings });
    }
    const severities = found.flatMap(({ findings }) => findings.map(({ severity }) => severity));
    const errors = severities.filter((severity) => severity === 'error').length;
    if (severities.length === 0 || (errors === 0 && acceptWarnings)) return;
    throw new Failure(
      'board-findings',
      `“${title}” cannot be read well on the chosen boards: ${errors} faults and ${severities.length - errors} warnings. See what would put each right, or accept the warnings.`,
      {
        status: 422,
        params: { title, errors, warnings: severities.length - errors },
        details: { findings: found },
      },
    );
  }

  /** What of the same class or a higher one stands on some of the boards: a later one of the same class waits for it. */
  #standing(boards: readonly BoardPanel[], priority: PriorityClass): Standing[] {
    const { store, states } = this.#deps;
    const wanted = states.wanted(boards.map(({ id }) => id));
    const found = new Map<
      string,
      { standing: Omit<Standing, 'boards' | 'boardCount'>; boards: BoardPanel[] }
    >();
    for (const board of boards) {
      for (const { occurrence, broadcast } of wanted.get(board.id)?.claims ?? []) {
        if (RANK[occurrence.priority] < RANK[priority]) continue;
        const known = found.get(occurrence.id) ?? {
          standing: {
            ...{ title: occurrence.title, priority: occurrence.priority, until: occurrence.endAt },
            broadcastId: broadcast !== null && isPublication(store, broadcast) ? broadcast : null,
          },
          boards: [],
        };
        known.boards.push(board);
        found.set(occurrence.id, known);
      }
    }
    return [...found.values()].map(({ standing, boards: on }) => ({
      ...standing,
      boards: namesOf(on),
      boardCount: on.length,
    }));
  }
}

/** What an incident shows is ended by ending the incident. */
const isPublication = ({ sqlite }: Store, broadcast: string): boolean =>
  sqlite
    .prepare<[string], 1>(
      "SELECT 1 FROM broadcast WHERE id = ? AND content_kind IN ('programme', 'playlist')",
    )
    .get(broadcast) !== undefined;

const namesOf = (boards: readonly BoardPanel[]): { id: string; name: string }[] =>
  boards.slice(0, MOST_NAMED).map(({ id, name }) => ({ id, name }));

function refuseUntil(until: number, now: number): void {
  if (until >= now + SHORTEST_MS && until <= now + LONGEST_MS) return;
  throw new Failure('bad-until', 'Its end must lie ahead, and at most 31 days; choose another moment.', {
    status: 422,
    params: { until },
  });
}

function busy(standing: readonly Standing[], title: string): Failure {
  const [first] = standing;
  const more = standing.length > 1 ? ` and ${standing.length - 1} more` : '';
  return new Failure(
    'board-busy',
    `“${title}” would wait behind “${first?.title ?? ''}”${more}, which stands on some of the boards. Replace it, or publish at a higher class.`,
    {
      status: 409,
      params: { title, standing: first?.title ?? '', count: standing.length },
      details: { standing: [...standing] },
    },
  );
}
