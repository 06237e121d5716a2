import { ulid } from 'ulid';
import type { z } from 'zod';
import type { BlobStore } from '../blobs/store.ts';
import { hasPictures } from '../boards/compile.ts';
import { refuseMissingLetters } from '../boards/letters.ts';
import { refuseAlarm } from '../boards/no-alarm.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { refuseFallback } from '../desired/fallback-watch.ts';
import { Failure, notFound } from '../failure.ts';
import { foldText } from '../fold-text.ts';
import { BoardContent, type libraryRoutes, type Programme } from '../http/contract/library.ts';
import { canonical, type Notice, sceneOf, storeScene } from './scene-of.ts';
import { inUse, refuseGone } from './uses.ts';

export interface ContentDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly blobs: BlobStore;
}

type NewProgramme = z.output<(typeof libraryRoutes)['POST /programmes']['body']>;
type ProgrammeChange = z.output<(typeof libraryRoutes)['PATCH /programmes/{id}']['body']>;

type Listed = Row<'programme'> & {
  readonly asset_title: string | null;
  readonly asset_state: Row<'asset'>['state'] | null;
  readonly asset_duration_ms: number | null;
  readonly used_by: number;
};

const SELECT = `SELECT p.*, a.title AS asset_title, a.state AS asset_state, a.duration_ms AS asset_duration_ms,
    (SELECT count(*) FROM schedule s WHERE s.programme_id = p.id AND s.removed_at IS NULL)
    + (SELECT count(DISTINCT i.playlist_id) FROM playlist_item i JOIN playlist l ON l.id = i.playlist_id
        WHERE i.programme_id = p.id AND l.removed_at IS NULL) AS used_by
  FROM programme p LEFT JOIN asset a ON a.id = p.asset_id`;
const MOST_LISTED = 2_000;

/** What a programme has for boards, one of the two or nothing. */
interface Shown {
  readonly notice: Notice | null;
  readonly board: BoardContent | null;
}

/** What goes out: a sound, something for boards, or both. */
export class Programmes {
  readonly #deps: ContentDeps;

  constructor(deps: ContentDeps) {
    this.#deps = deps;
  }

  list(search = ''): Programme[] {
    return this.#deps.store.sqlite
      .prepare<{ search: string }, Listed>(
        `${SELECT} WHERE p.removed_at IS NULL AND (:search = '' OR instr(fold(p.title), :search)
            OR instr(fold(ifnull(p.notice_heading, '')), :search) OR instr(fold(ifnull(p.notice_text, '')), :search))
          ORDER BY p.created_at DESC, p.id DESC LIMIT ${MOST_LISTED}`,
      )
      .all({ search: foldText(search) })
      .map(view);
  }

  get(id: string): Programme {
    return view(this.#row(id));
  }

  /**
   * Pictures and films are made for the boards afterwards, in the background (`boards/compiler.ts`).
   * @throws Failure `nothing-to-play`, `board-and-notice`, `emergency-in-programme`, `letters-missing`; `not-found` or `not-usable` for the sound.
   */
  async add(programme: NewProgramme, by: string | null): Promise<Programme> {
    const { clock, store } = this.#deps;
    const { title, language, assetId, notice, board, music } = programme;
    this.#refuseUseless(assetId, { notice, board });
    const scene = await this.#scene({ notice, board }, language, null);
    const id = ulid();
    store.sqlite
      .prepare(
        `INSERT INTO programme (id, title, language, asset_id, notice_heading, notice_text, notice_duration_ms, board,
            board_state, scene_sha256, music, created_by, created_at, updated_at)
          VALUES (:id, :title, :language, :assetId, :heading, :text, :durationMs, :board,
            :state, :scene, :music, :by, :now, :now)`,
      )
      .run({
        ...{ id, title, language, assetId, ...columns({ notice, board }), ...scene },
        ...{ music: music ? 1 : 0, by, now: clock.now() },
      });
    return this.#announced(id, assetId);
  }

  /** What is left out stays as it is; a board takes the place of a notice, and a notice that of a board. @throws as {@link add}. */
  async change(id: string, change: ProgrammeChange): Promise<Programme> {
    const { clock, store } = this.#deps;
    const row = this.#row(id);
    const title = change.title ?? row.title;
    const language = change.language ?? row.language;
    const assetId = change.assetId === undefined ? row.asset_id : change.assetId;
    const shown = shownAfter(row, change);
    const music = change.music === undefined ? row.music : Number(change.music);
    this.#refuseUseless(assetId === row.asset_id ? undefined : assetId, shown, assetId !== null);
    const scene = await this.#scene(shown, language, row);
    store.sqlite
      .prepare(
        `UPDATE programme SET title = :title, language = :language, asset_id = :assetId, notice_heading = :heading,
            notice_text = :text, notice_duration_ms = :durationMs, board = :board, board_state = :state,
            board_trouble = NULL, scene_sha256 = :scene, music = :music, updated_at = :now
          WHERE id = :id AND removed_at IS NULL`,
      )
      .run({ id, title, language, assetId, ...columns(shown), ...scene, music, now: clock.now() });
    return this.#announced(id, row.asset_id, assetId);
  }

  /** @throws Failure 409 `in-use`. */
  remove(id: string): void {
    const { store, clock } = this.#deps;
    const { asset_id } = this.#row(id);
    const user = store.sqlite
      .prepare<{ id: string }, { kind: string; title: string; uses: number }>(
        `SELECT kind, title, count(*) OVER () AS uses FROM (
           SELECT 'schedule' AS kind, title FROM schedule WHERE programme_id = :id AND removed_at IS NULL
           UNION ALL SELECT DISTINCT 'playlist', l.title FROM playlist l JOIN playlist_item i ON i.playlist_id = l.id
             WHERE i.programme_id = :id AND l.removed_at IS NULL
         ) LIMIT 1`,
      )
      .get({ id });
    if (user !== undefined) throw inUse('programme', user);
    refuseFallback(store, id);
    store.sqlite.prepare('UPDATE programme SET removed_at = ? WHERE id = ?').run(clock.now(), id);
    this.#announce(id, asset_id);
  }

  /** Brings its sound back too, if that was removed since. @throws Failure `not-found`, or 410 `gone`. */
  restore(id: string): Programme {
    const { sqlite } = this.#deps.store;
    const row = sqlite.prepare<[string], Listed>(`${SELECT} WHERE p.id = ?`).get(id);
    if (row === undefined) throw notFound('programme', id);
    if (row.asset_id !== null) {
      const asset = sqlite
        .prepare<[string], Row<'asset'>>('SELECT * FROM asset WHERE id = ?')
        .get(row.asset_id);
      if (asset !== undefined) refuseGone(asset);
    }
    sqlite.transaction(() => {
      sqlite.prepare('UPDATE programme SET removed_at = NULL WHERE id = ?').run(id);
      sqlite.prepare('UPDATE asset SET removed_at = NULL WHERE id = ?').run(row.asset_id);
    })();
    return this.#announced(id, row.asset_id);
  }

  #row(id: string): Listed {
    const row = this.#deps.store.sqlite
      .prepare<[string], Listed>(`${SELECT} WHERE p.id = ? AND p.removed_at IS NULL`)
      .get(id);
    if (row === undefined) throw notFound('programme', id);
    return row;
  }

  #announced(id: string, ...assets: (string | null)[]): Programme {
    this.#announce(id, ...assets);
    return this.get(id);
  }

  /** The assets too: their lists show how often they are used. */
  #announce(id: string, ...assets: (string | null)[]): void {
    this.#deps.changes.announce('programme', id);
    for (const asset of new Set(assets)) if (asset !== null) this.#deps.changes.announce('asset', asset);
  }

  /**
   * What boards get, at once where nothing has to be made for it. While pictures are being made boards keep what they
   * have: a board is not to go dark for a correction.
   */
  async #scene(
    { notice, board }: Shown,
    language: string,
    before: Listed | null,
  ): Promise<{ scene: string | null; state: Programme['boardState'] }> {
    const { blobs, clock } = this.#deps;
    if (board === null && notice === null) return { scene: null, state: null };
    const same = board !== null && before !== null && before.board === canonical(board);
    if (same && before.board_state !== 'failed') {
      return { scene: before.scene_sha256, state: before.board_state };
    }
    const scene = board === null ? sceneOf(notice as Notice, language) : board.scene;
    refuseAlarm(scene);
    refuseMissingLetters(scene);
    if (hasPictures(scene)) return { scene: before?.scene_sha256 ?? null, state: 'making' };
    return { scene: await storeScene(blobs, scene, clock.now()), state: board === null ? null : 'ready' };
  }

  #refuseUseless(
    assetId: string | null | undefined,
    { notice, board }: Shown,
    hasSound = assetId !== null,
  ): void {
    if (!hasSound && notice === null && board === null) {
      throw new Failure(
        'nothing-to-play',
        'A programme needs a sound file, something for boards, or both; choose one.',
      );
    }
    if (notice !== null && board !== null) {
      throw new Failure(
        'board-and-notice',
        'A programme shows either a notice or what was composed for boards; leave one of them out.',
      );
    }
    if (assetId !== null && assetId !== undefined) refuseUnusableAsset(this.#deps.store, assetId);
  }
}

/** On its way in is fine, it will be ready; refused or cancelled it never will. @throws Failure. */
export function refuseUnusableAsset({ sqlite }: Store, id: string): void {
  const asset = sqlite
    .prepare<[string], Pick<Row<'asset'>, 'state' | 'title'>>(
      'SELECT state, title FROM asset WHERE id = ? AND removed_at IS NULL',
    )
    .get(id);
  if (asset === undefined) throw notFound('asset', id);
  if (asset.state === 'refused' || asset.state === 'cancelled') {
    throw new Failure(
      'not-usable',
      `“${asset.title}” was ${asset.state}; upload it again, or choose another.`,
      {
        status: 409,
        params: { title: asset.title, state: asset.state },
      },
    );
  }
}

/** The length of what was composed stands where that of a notice does: how long boards show it is one question. */
const columns = ({
  notice,
  board,
}: Shown): {
  heading: string | null;
  text: string | null;
  durationMs: number | null;
  board: string | null;
} => ({
  heading: notice?.heading ?? null,
  text: notice?.text ?? null,
  durationMs: board?.durationMs ?? notice?.durationMs ?? null,
  board: board === null ? null : canonical(board),
});

const boardOf = ({ board }: Pick<Row<'programme'>, 'board'>): BoardContent | null =>
  board === null ? null : BoardContent.parse(JSON.parse(board));

function shownAfter(row: Row<'programme'>, { notice, board }: ProgrammeChange): Shown {
  return {
    notice: notice === undefined ? (board == null ? noticeOf(row) : null) : notice,
    board: board === undefined ? (notice == null ? boardOf(row) : null) : board,
  };
}

const noticeOf = (row: Row<'programme'>): Notice | null =>
  row.notice_text === null || row.notice_duration_ms === null
    ? null
    : { heading: row.notice_heading, text: row.notice_text, durationMs: row.notice_duration_ms };

/** Where there is sound, its length is the programme's; a notice alone is shown for as long as was asked. */
function view(row: Listed): Programme {
  const { asset_id, asset_state, asset_title } = row;
  const ready = asset_state === 'ready' ? row.asset_duration_ms : null;
  const asset =
    asset_id === null || asset_state === null
      ? null
      : { id: asset_id, title: asset_title ?? '', state: asset_state, durationMs: ready };
  const notice = noticeOf(row);
  const board = boardOf(row);
  return {
    id: row.id,
    title: row.title,
    language: row.language,
    asset,
    notice,
    board,
    boardState: row.board_state ?? (row.scene_sha256 === null ? null : 'ready'),
    boardTrouble: row.board_trouble,
    sceneSha256: row.board_state === 'making' || row.board_state === 'failed' ? null : row.scene_sha256,
    music: row.music === 1,
    durationMs: asset === null ? row.notice_duration_ms : ready,
    usedBy: row.used_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
