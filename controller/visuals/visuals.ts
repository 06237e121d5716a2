import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { BlobStore } from '../blobs/store.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure, notFound } from '../failure.ts';
import type { Visual } from '../http/contract/visuals.ts';
import { shownName, titleOf } from '../library/names.ts';
import { receive, refuseAnnounced } from '../library/receive.ts';
import { Workplace } from '../library/workplace.ts';
import { MediaRunner } from '../media/ffmpeg.ts';
import type { MediaPrograms } from '../media/find.ts';
import { FILM_BYTES, hasSource, kindOf, takeIn } from './intake.ts';
import { Lane } from './lane.ts';
import type { Painter } from './painter.ts';
import { purgeVisuals } from './purge.ts';
import { type VisualRefusal, visualRefusalOf } from './refusal.ts';
import { VisualUses } from './uses.ts';
import { VisualProgress } from './visual-progress.ts';
import { type VisualChange, type VisualRow, VisualRows } from './visual-rows.ts';
import { visualView } from './visual-view.ts';

export interface VisualsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly blobs: BlobStore;
  readonly painter: Painter;
  readonly programs: MediaPrograms;
  /** A directory of its own, on the file system of the blobs. */
  readonly incoming: string;
  /** Whether files are being made for boards just now. */
  readonly isFitting: () => boolean;
}

export interface VisualUpload {
  /** As the sender calls it; only ever shown. */
  readonly filename: string;
  readonly title?: string | undefined;
  readonly alt?: string | undefined;
  readonly expectedBytes: number | undefined;
  readonly by: string | null;
}

/** On their way in, all told. Beyond that a sender is told to come back. */
const MOST_WAITING = 100;
const PURGE_EVERY_MS = 6 * 3_600_000;
const ON_THE_WAY = ['receiving', 'queued', 'working'] as const;
const CANCELLED = Symbol('cancelled by a person');
const STOPPING = Symbol('the program stops');

/** Pictures and films: how they come in, are made small and safe, renamed, removed and brought back. */
export class Visuals implements Component {
  readonly rows: VisualRows;
  /** Films are made one at a time, for the library and for boards alike. */
  readonly films = new Lane(MOST_WAITING * 2);
  readonly #deps: VisualsDeps;
  readonly #runner: MediaRunner;
  readonly #workplace: Workplace;
  readonly #uses: VisualUses;
  readonly #pictures = new Lane(MOST_WAITING);
  readonly #control = new Map<string, AbortController>();
  readonly #jobs = new Map<string, Promise<void>>();
  readonly #progress: VisualProgress;
  #purging: NodeJS.Timeout | undefined;
  #open = false;

  constructor(deps: VisualsDeps) {
    this.#deps = deps;
    this.rows = new VisualRows(deps.store);
    this.#runner = new MediaRunner(deps.programs);
    this.#workplace = new Workplace(deps.incoming);
    this.#uses = new VisualUses(deps);
    this.#progress = new VisualProgress(deps.clock, (id) => this.#announce(id));
  }

  /** Takes up what the last run left: half-received files are refused, the others begun again, left-overs removed. */
  async start(): Promise<void> {
    this.#open = true;
    const keep = new Set<string>();
    for (const { id, state, removed_at } of this.rows.inStates(ON_THE_WAY)) {
      const whole =
        state !== 'receiving' && removed_at === null && (await hasSource(this.#workplace.directory(id)));
      if (whole) keep.add(id);
      else {
        const refusal = JSON.stringify({ code: 'interrupted', params: {} });
        this.#change(id, { state: 'refused', progress: 0, refusal });
      }
    }
    await this.#workplace.sweep(keep);
    for (const id of keep) this.#queue(id);
    this.purge();
    this.#purging = setInterval(() => this.purge(), PURGE_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.#open = false;
    clearInterval(this.#purging);
    for (const control of this.#control.values()) control.abort(STOPPING);
    await Promise.all([this.#pictures.clear(STOPPING), this.films.clear(STOPPING)]);
    await Promise.allSettled(this.#jobs.values());
  }

  list(filter: { search?: string | undefined; kind?: VisualRow['kind'] | undefined }): Visual[] {
    return this.rows.list(filter).map((row) => this.#view(row));
  }

  /** @throws Failure `not-found`, also for a removed one. */
  view(id: string): Visual {
    return this.#view(this.row(id));
  }

  /** @throws Failure `not-found`, also for a removed one. */
  row(id: string): VisualRow {
    const row = this.rows.find(id);
    if (row === undefined || row.removed_at !== null) throw notFound('picture or film', id);
    return row;
  }

  /**
   * Takes a file in as it streams, looks at what it is, and queues it.
   * @returns its id.
   * @throws VisualRefusal, or Failure `queue-full`, `cancelled`, `stopping`; nothing of the file remains then.
   */
  async upload(stream: Readable, upload: VisualUpload): Promise<string> {
    if (this.rows.count(ON_THE_WAY) >= MOST_WAITING) {
      const detail = `${MOST_WAITING} files are waiting already; send this one when some of them are done.`;
      throw new Failure('queue-full', detail, { status: 503, params: { waiting: MOST_WAITING } });
    }
    const id = ulid();
    const control = new AbortController();
    const { filename, title, alt, by } = upload;
    const shown = { title: title?.trim() || titleOf(filename), filename: shownName(filename) };
    const row = { id, kind: 'image', ...shown, alt: alt?.trim() ?? '', created_by: by } as const;
    this.rows.insert({ ...row, state: 'receiving' }, this.#deps.clock.now());
    this.#announce(id);
    this.#control.set(id, control);
    const done = this.#receive(id, stream, upload, control.signal);
    this.#jobs.set(id, done);
    try {
      await done;
    } catch (error) {
      this.#jobs.delete(id);
      await this.#workplace.clear(id);
      this.rows.forget(id);
      this.#end(id);
      if (error === CANCELLED) throw new Failure('cancelled', 'The upload was cancelled.', { status: 409 });
      if (error === STOPPING) {
        throw new Failure('stopping', 'The controller stops; send the file again later.', { status: 503 });
      }
      throw visualRefusalOf(error);
    }
    this.#queue(id);
    return id;
  }

  async #receive(id: string, stream: Readable, upload: VisualUpload, signal: AbortSignal): Promise<void> {
    const { expectedBytes } = upload;
    const cwd = await this.#workplace.open(id);
    await refuseAnnounced(this.#workplace, { expectedBytes, mostBytes: FILM_BYTES });
    const { bytes } = await receive(stream, cwd, this.#workplace, {
      ...{ expectedBytes, mostBytes: FILM_BYTES, signal },
      onProgress: (ratio) => this.#progress.tell(id, ratio),
    });
    signal.throwIfAborted();
    const { kind } = await kindOf(cwd, bytes);
    this.#progress.end(id);
    this.#change(id, { kind, bytes, state: 'queued', progress: 0 });
  }

  /** Stops receiving, waiting or working. @throws Failure `not-found`, or 409 `not-running`. */
  async cancel(id: string): Promise<void> {
    this.row(id);
    const control = this.#control.get(id);
    if (control === undefined) {
      throw new Failure('not-running', 'It is no longer on its way; there is nothing to stop.', {
        status: 409,
      });
    }
    const { state } = this.row(id);
    control.abort(CANCELLED);
    // What only waits has no work that could notice.
    if (state === 'queued') {
      this.#change(id, { state: 'cancelled', progress: 0 });
      await this.#workplace.clear(id);
    } else await Promise.allSettled([this.#jobs.get(id)]);
  }

  change(id: string, { title, alt }: { title?: string | undefined; alt?: string | undefined }): void {
    this.row(id);
    this.#change(id, {
      ...(title === undefined ? {} : { title }),
      ...(alt === undefined ? {} : { alt }),
    });
  }

  /** @throws Failure `not-found`, or 409 `in-use` naming a programme. */
  async remove(id: string): Promise<void> {
    this.row(id);
    this.#uses.refuseUsed(id);
    if (this.#control.has(id)) await this.cancel(id);
    if (this.rows.find(id) !== undefined) this.#change(id, { removed_at: this.#deps.clock.now() });
  }

  /** @throws Failure `not-found`, or 410 `gone` when its files were cleared away since. */
  restore(id: string): void {
    const row = this.rows.find(id);
    if (row === undefined) throw notFound('picture or film', id);
    if (row.removed_at === null) return;
    if (row.state === 'ready' && row.source_sha256 === null) {
      const detail = `“${row.title}” was deleted for good 30 days after it was removed; upload it again.`;
      throw new Failure('gone', detail, { status: 410, params: { title: row.title } });
    }
    this.#change(id, { removed_at: null });
  }

  /** Clears away what nothing needs any more; see {@link purgeVisuals}. */
  purge(): void {
    if (this.#jobs.size > 0 || this.#deps.isFitting()) return;
    const { store, blobs, clock, log } = this.#deps;
    const removed = purgeVisuals(store, blobs, clock.now());
    if (removed > 0)
      log.info({ files: removed }, 'pictures and films that nothing uses any more were deleted');
  }

  #queue(id: string): void {
    const control = new AbortController();
    this.#control.set(id, control);
    const lane = this.rows.find(id)?.kind === 'video' ? this.films : this.#pictures;
    const job = lane
      .do(() => this.#work(id, control.signal))
      .catch((error: unknown) => {
        // Of what the program did not come to, the next start goes on.
        if (error !== STOPPING) this.#refuse(id, visualRefusalOf(error));
      })
      .finally(() => {
        this.#jobs.delete(id);
        this.#end(id);
      });
    this.#jobs.set(id, job);
  }

  async #work(id: string, signal: AbortSignal): Promise<void> {
    if (!this.#open || signal.aborted) return;
    const { clock, painter, blobs, log } = this.#deps;
    this.#change(id, { state: 'working', progress: 0 });
    try {
      const made = await takeIn(
        { painter, blobs, runner: this.#runner },
        {
          ...{ cwd: this.#workplace.directory(id), signal, now: () => clock.now() },
          onProgress: (ratio) => this.#progress.tell(id, ratio),
        },
      );
      await this.#workplace.clear(id);
      this.#change(id, { ...made, state: 'ready', progress: 1, refusal: null });
      log.info(
        { visual: id, kind: made.kind, width: made.width, height: made.height },
        'a picture or film is ready',
      );
    } catch (error) {
      if (signal.aborted && signal.reason === STOPPING)
        return this.#change(id, { state: 'queued', progress: 0 });
      await this.#workplace.clear(id);
      if (signal.aborted) this.#change(id, { state: 'cancelled', progress: 0 });
      else this.#refuse(id, visualRefusalOf(error));
    }
  }

  #refuse(id: string, { code, params, cause }: VisualRefusal): void {
    const about = { visual: id, refusal: code, err: cause };
    if (code === 'visual-failed') this.#deps.log.error(about, 'a picture or film could not be processed');
    else this.#deps.log.info(about, 'a picture or film was refused');
    this.#change(id, { state: 'refused', progress: 0, refusal: JSON.stringify({ code, params }) });
  }

  #view(row: VisualRow): Visual {
    return visualView(row, this.#uses.count(row.id), this.#progress.of(row.id));
  }

  #end(id: string): void {
    this.#control.delete(id);
    this.#progress.end(id);
    this.#announce(id);
  }

  #announce(id: string): void {
    this.#deps.changes.announce('visual', id);
  }

  #change(id: string, change: VisualChange): void {
    this.rows.change(id, change, this.#deps.clock.now());
    this.#announce(id);
  }
}
