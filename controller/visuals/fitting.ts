import path from 'node:path';
import { z } from 'zod';
import { FilmFile, PictureFile } from '#devices/scene/file';
import type { BlobStore } from '../blobs/store.ts';
import type { Fitter, ZoneSize } from '../boards/fitter.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import { Workplace } from '../library/workplace.ts';
import { MediaRunner } from '../media/ffmpeg.ts';
import type { MediaPrograms } from '../media/find.ts';
import { makeFilm, probeFilm } from './film.ts';
import { FILM_FILES } from './film-commands.ts';
import { countFlashes } from './film-flashes.ts';
import type { Lane } from './lane.ts';
import type { Fit } from './paint/fit-picture.ts';
import type { Painter } from './painter.ts';
import { visualRefusalOf } from './refusal.ts';
import type { VisualRow } from './visual-rows.ts';

export interface FittingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly blobs: BlobStore;
  readonly painter: Painter;
  readonly programs: MediaPrograms;
  /** A directory of its own, on the file system of the blobs. */
  readonly incoming: string;
  /** The lane in which films are made. */
  readonly films: Lane;
  /** @throws Failure `not-found`. */
  readonly visual: (id: string) => VisualRow;
}

type Made = PictureFile | FilmFile;
const Made = z.union([FilmFile, PictureFile]);

/** How long who asks over HTTP waits for a film before he is told how far it is. */
export const PATIENCE_MS = 8_000;
const STOPPING = Symbol('the program stops');

interface Job {
  readonly done: Promise<Made>;
  ratio: number;
}

/** Makes of a picture or film the file for a zone of a board, once for all who ask, and remembers it. */
export class Fitting implements Fitter, Component {
  readonly #deps: FittingDeps;
  readonly #runner: MediaRunner;
  readonly #workplace: Workplace;
  readonly #jobs = new Map<string, Job>();
  #control = new AbortController();

  constructor(deps: FittingDeps) {
    this.#deps = deps;
    this.#runner = new MediaRunner(deps.programs);
    this.#workplace = new Workplace(deps.incoming);
  }

  async start(): Promise<void> {
    this.#control = new AbortController();
    await this.#workplace.sweep(new Set());
  }

  async stop(): Promise<void> {
    this.#control.abort(STOPPING);
    await Promise.allSettled([...this.#jobs.values()].map(({ done }) => done));
  }

  get isIdle(): boolean {
    return this.#jobs.size === 0;
  }

  /**
   * Waits until it is made: a moment for a picture, minutes for a film.
   * @throws Failure `not-found`; 409 `visual-not-ready` while it is on its way itself, 422 `visual-unusable` when it was
   *   refused; VisualRefusal; `queue-full` 503.
   */
  async fit(visual: string, size: ZoneSize, fit: Fit): Promise<Made> {
    return this.#known(visual, size, fit) ?? this.#job(visual, size, fit).done;
  }

  /** The same for who cannot wait: of a film that takes long, 409 `visual-not-ready` with `progress` (0 to 100). */
  async fitSoon(visual: string, size: ZoneSize, fit: Fit, patienceMs = PATIENCE_MS): Promise<Made> {
    const known = this.#known(visual, size, fit);
    if (known !== null) return known;
    const job = this.#job(visual, size, fit);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), patienceMs);
    });
    try {
      const made = await Promise.race([job.done, late]);
      if (made !== null) return made;
    } finally {
      clearTimeout(timer);
    }
    const progress = Math.round(job.ratio * 100);
    throw new Failure(
      'visual-not-ready',
      `It is being made for that size (${progress} %); ask again in a while.`,
      {
        ...{ status: 409, params: { progress } },
      },
    );
  }

  #known(visual: string, { width, height }: ZoneSize, fit: Fit): Made | null {
    const file = this.#deps.store.sqlite
      .prepare<unknown[], string>(
        'SELECT file FROM visual_fit WHERE visual_id = ? AND width = ? AND height = ? AND fit = ?',
      )
      .pluck()
      .get(visual, width, height, fit);
    return file === undefined ? null : Made.parse(JSON.parse(file));
  }

  #job(visual: string, size: ZoneSize, fit: Fit): Job {
    const key = `${visual} ${size.width}x${size.height} ${fit}`;
    const running = this.#jobs.get(key);
    if (running !== undefined) return running;
    const row = this.#usable(visual);
    const progress = (ratio: number): void => {
      job.ratio = ratio;
    };
    const making =
      row.kind === 'image'
        ? this.#picture(row, size, fit)
        : this.#inTurn(() => this.#film(row, size, fit, progress));
    const done = making
      .then((made) => this.#remember(visual, size, fit, made))
      .catch((error: unknown) => {
        if (error === STOPPING)
          throw new Failure('stopping', 'The controller stops; try again later.', { status: 503 });
        throw error instanceof Failure ? error : visualRefusalOf(error);
      })
      .finally(() => this.#jobs.delete(key));
    // Who asked may have gone; the next who asks is told.
    done.catch(() => {});
    const job: Job = { done, ratio: 0 };
    this.#jobs.set(key, job);
    return job;
  }

  #usable(visual: string): VisualRow {
    const row = this.#deps.visual(visual);
    const params = { title: row.title };
    if (row.state === 'ready' && row.source_sha256 !== null) return row;
    if (row.state === 'ready' || row.state === 'refused' || row.state === 'cancelled') {
      const detail = `“${row.title}” could not be read, or is no longer there; choose another picture or film.`;
      throw new Failure('visual-unusable', detail, { status: 422, params });
    }
    const detail = `“${row.title}” is not ready yet; wait a moment.`;
    throw new Failure('visual-not-ready', detail, { status: 409, params });
  }

  async #picture(row: VisualRow, zone: ZoneSize, fit: Fit): Promise<Made> {
    const { blobs, clock, painter } = this.#deps;
    return this.#within(async (cwd) => {
      const target = path.join(cwd, 'fit');
      const source = blobs.path(row.source_sha256 ?? '');
      const { type } = await painter.paint({ type: 'fit', source, zone, fit, target }, this.#control.signal);
      const { sha256, bytes } = await blobs.adopt(target, type, clock.now());
      return { sha256, bytes, type, ...zone };
    });
  }

  async #film(row: VisualRow, size: ZoneSize, fit: Fit, onProgress: (ratio: number) => void): Promise<Made> {
    const { blobs, clock } = this.#deps;
    return this.#within(async (cwd) => {
      const job = { cwd, signal: this.#control.signal, onProgress };
      const source = path.resolve(blobs.path(row.source_sha256 ?? ''));
      const probed = await probeFilm(this.#runner, source, job);
      const film = await makeFilm(this.#runner, source, probed, { size, fit }, job);
      const flashes = await countFlashes(this.#runner, film, job);
      const { sha256, bytes } = await blobs.adopt(path.join(cwd, FILM_FILES.film), 'video/webm', clock.now());
      const { framesPerSecond, durationMs } = film;
      return { sha256, bytes, type: 'video/webm' as const, ...size, framesPerSecond, durationMs, flashes };
    });
  }

  /** In the lane of films; what has not begun when the program stops does not wait for the film before it. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const { signal } = this.#control;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(STOPPING);
      signal.addEventListener('abort', giveUp, { once: true });
      const begin = (): Promise<Result> => {
        signal.removeEventListener('abort', giveUp);
        return work();
      };
      this.#deps.films
        .do(begin)
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', giveUp));
    });
  }

  async #within<Result>(work: (cwd: string) => Promise<Result>): Promise<Result> {
    this.#control.signal.throwIfAborted();
    const id = crypto.randomUUID();
    try {
      return await work(await this.#workplace.open(id));
    } finally {
      await this.#workplace.clear(id);
    }
  }

  #remember(visual: string, { width, height }: ZoneSize, fit: Fit, made: Made): Made {
    const { store, clock, changes } = this.#deps;
    store.sqlite
      .prepare(
        `INSERT INTO visual_fit (visual_id, width, height, fit, file_sha256, file, made_at)
          VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(visual, width, height, fit, made.sha256, JSON.stringify(made), clock.now());
    changes.announce('visual', visual);
    return made;
  }
}
