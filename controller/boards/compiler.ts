import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/store.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import { BoardContent } from '../http/contract/library.ts';
import { storeScene } from '../library/scene-of.ts';
import { type Compiled, compileScene, MOST_SIZES } from './compile.ts';
import type { Fitter } from './fitter.ts';
import { boardPanels, type Size, sizeKey, sizesOf } from './panels.ts';

export interface CompilerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly blobs: BlobStore;
  readonly fitter: Fitter;
}

/** Devices change every few seconds, boards of a new size are let in twice a year. */
const LOOK_MS = 5_000;

interface Composed {
  readonly id: string;
  readonly title: string;
  readonly board: string;
  readonly board_state: 'ready' | 'making' | 'failed';
  readonly scene_sha256: string | null;
}

/**
 * Makes what boards get of compositions with pictures and films: a file for each zone on each size of board of the
 * site. One programme at a time, in the background. What is to be made is in the database, so that another life of the
 * program goes on with it. A new size of board is made for as soon as it is there.
 */
export class Compiler implements Component {
  readonly #deps: CompilerDeps;
  readonly #wanted = new Set<string>();
  #work: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #end: (() => void) | undefined;
  #sizes = '';
  #stopped = false;
  #giveUp: () => void = () => {};
  readonly #stopping: Promise<never>;

  constructor(deps: CompilerDeps) {
    this.#deps = deps;
    this.#stopping = new Promise((_, reject) => {
      this.#giveUp = () => reject(new Failure('stopping', 'The controller stops.', { status: 503 }));
    });
    this.#stopping.catch(() => {});
  }

  async start(): Promise<void> {
    this.#end = this.#deps.changes.listen((entity, id) => {
      if (entity === 'programme') this.#want([id]);
      else if (entity === 'visual') this.#want(this.#unmade());
      else if (entity === 'device') this.#timer ??= setTimeout(() => this.#look(), LOOK_MS);
    });
    this.#look();
    this.#want(this.#unmade());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end?.();
    clearTimeout(this.#timer);
    // A film takes minutes: its next life asks for it again.
    this.#giveUp();
    await this.#work;
  }

  /** Resolves when nothing is left that could be made now. */
  async idle(): Promise<void> {
    while (this.#work !== undefined) await this.#work;
  }

  #unmade(): string[] {
    return this.#deps.store.sqlite
      .prepare<[], string>("SELECT id FROM programme WHERE board_state = 'making' AND removed_at IS NULL")
      .pluck()
      .all();
  }

  /** Whether there are sizes of boards now that there were not: what was made before is made for them too. */
  #look(): void {
    this.#timer = undefined;
    const { store, log } = this.#deps;
    const sizes = sizesOf(boardPanels(store)).map(sizeKey).sort().join(' ');
    if (sizes === this.#sizes) return;
    this.#sizes = sizes;
    const made = store.sqlite
      .prepare<[], string>(
        `SELECT id FROM programme WHERE board_state = 'ready' AND removed_at IS NULL
          AND EXISTS (SELECT 1 FROM scene_file f WHERE f.scene_sha256 = programme.scene_sha256)`,
      )
      .pluck()
      .all();
    if (made.length > 0)
      log.info({ sizes, programmes: made.length }, 'the sizes of boards are looked at anew');
    this.#want(made);
  }

  #want(ids: readonly string[]): void {
    for (const id of ids) this.#wanted.add(id);
    if (this.#stopped || this.#wanted.size === 0) return;
    this.#work ??= this.#drain()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'nothing could be made for boards'))
      .finally(() => {
        this.#work = undefined;
        // What was asked for while the last of it ended.
        this.#want([]);
      });
  }

  async #drain(): Promise<void> {
    // Not within whoever announced the change.
    await Promise.resolve();
    for (const id of this.#wanted) {
      if (this.#stopped) return;
      this.#wanted.delete(id);
      const row = this.#row(id);
      if (row !== undefined) await this.#make(row);
    }
  }

  #row(id: string): Composed | undefined {
    return this.#deps.store.sqlite
      .prepare<[string], Composed>(
        `SELECT id, title, board, board_state, scene_sha256 FROM programme
          WHERE id = ? AND removed_at IS NULL AND board IS NOT NULL AND (board_state = 'making' OR
            (board_state = 'ready' AND EXISTS (SELECT 1 FROM scene_file f WHERE f.scene_sha256 = programme.scene_sha256)))`,
      )
      .get(id);
  }

  async #make(row: Composed): Promise<void> {
    const { store, blobs, clock, fitter, log } = this.#deps;
    try {
      const { scene, format } = BoardContent.parse(JSON.parse(row.board));
      const sizes = sizesFor(format, sizesOf(boardPanels(store)));
      if (row.board_state === 'ready' && sizes.every((size) => this.#madeFor(row.scene_sha256, size))) return;
      const compiled = await Promise.race([compileScene(scene, sizes, fitter), this.#stopping]);
      const sha256 = await storeScene(blobs, compiled.scene, Math.round(clock.now()));
      this.#enter(row, sha256, compiled);
    } catch (error) {
      const known = error instanceof Failure;
      // To be asked again when its change is announced, or by the next life of the program.
      if (known && (error.code === 'visual-not-ready' || error.status === 503)) return;
      if (!known) log.error({ err: error, programme: row.id }, 'a programme could not be made for boards');
      // One that boards show already goes on being shown as it is.
      if (row.board_state === 'ready') return;
      this.#settle(row, { state: 'failed', trouble: known ? error.code : 'failed', scene: row.scene_sha256 });
    }
  }

  #madeFor(scene: string | null, { width, height }: Size): boolean {
    const found = this.#deps.store.sqlite
      .prepare<[object], 1>(
        `SELECT 1 FROM scene_file, json_each(panels) p WHERE scene_sha256 = @scene
          AND p.value ->> 'width' = @width AND p.value ->> 'height' = @height LIMIT 1`,
      )
      .get({ scene, width, height });
    return found !== undefined;
  }

  #enter(row: Composed, sha256: string, { files }: Compiled): void {
    const { sqlite } = this.#deps.store;
    const insert = sqlite.prepare(
      `INSERT INTO scene_file (scene_sha256, file_sha256, panels) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET panels = excluded.panels WHERE panels IS NOT excluded.panels`,
    );
    const written = sqlite.transaction(() =>
      files.reduce(
        (sum, { file, panels }) => sum + insert.run(sha256, file.sha256, JSON.stringify(panels)).changes,
        0,
      ),
    )();
    // Nothing new: to announce it would ask for it again, without end where a zone has no pixels on some board.
    if (written === 0 && row.board_state === 'ready' && row.scene_sha256 === sha256) return;
    this.#settle(row, { state: 'ready', trouble: null, scene: sha256 });
  }

  /** Unless it was composed anew meanwhile: then that is made next. */
  #settle(
    { id, board }: Composed,
    { state, trouble, scene }: { state: 'ready' | 'failed'; trouble: string | null; scene: string | null },
  ): void {
    const { store, changes } = this.#deps;
    const { changes: rows } = store.sqlite
      .prepare(
        `UPDATE programme SET board_state = @state, board_trouble = @trouble, scene_sha256 = @scene
          WHERE id = @id AND board = @board AND removed_at IS NULL`,
      )
      .run({ id, board, state, trouble, scene });
    if (rows > 0) changes.announce('programme', id);
    else this.#wanted.add(id);
  }
}

/** The composed size first, then those of the boards, the most frequent first. */
function sizesFor(format: BoardContent['format'], boards: readonly Size[]): Size[] {
  const composed = format === null ? [] : [{ width: format.width, height: format.height }];
  const all = new Map([...composed, ...boards].map((size) => [sizeKey(size), size]));
  // A site without boards, and a composition for any: something has to be looked at.
  if (all.size === 0) return [{ width: 192, height: 96 }];
  return [...all.values()].slice(0, MOST_SIZES);
}
