import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { BlobStore } from '../blobs/store.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Config } from '../config/settings.ts';
import type { Store } from '../database/open.ts';
import { Failure, notFound } from '../failure.ts';
import { FILES } from '../media/commands.ts';
import { MediaRunner } from '../media/ffmpeg.ts';
import type { MediaPrograms } from '../media/find.ts';
import type { Speech } from '../speech/speech.ts';
import { type AssetChange, AssetRows, type ListedAsset } from './asset-rows.ts';
import { gong } from './gong.ts';
import { canMake, SPEECH_FILE, type SpeechRequest } from './make.ts';
import { shownName, titleOf } from './names.ts';
import { ProgressBoard, type ProgressListener } from './progress.ts';
import { purge } from './purge.ts';
import { AssetQueue } from './queue.ts';
import { receive, refuseAnnounced } from './receive.ts';
import { DEFAULT_SIREN, siren } from './siren.ts';
import { refuseGone, refuseUsed } from './uses.ts';
import { Workplace } from './workplace.ts';

export interface LibraryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly config: Pick<
    Config,
    'LOA_DATA_DIR' | 'LOA_MEDIA_MAX_MINUTES' | 'LOA_MEDIA_MAX_MB' | 'LOA_MEDIA_JOBS'
  >;
  readonly blobs: BlobStore;
  readonly speech: Speech;
  /** From `findMediaPrograms(config)`. */
  readonly programs: MediaPrograms;
}

/** The asset that playlists start with unless told otherwise. */
export const DEFAULT_CHIME = 'chime-default';

/** Files on their way in, all told. Beyond that a sender is told to come back. */
const MOST_WAITING = 200;
const SHORTEST_SECONDS = 0.5;
const PURGE_EVERY_MS = 6 * 3_600_000;
const ON_THE_WAY = ['receiving', 'queued', 'working'] as const;
const CANCELLED = Symbol('cancelled by a person');

export interface Upload {
  /** As the sender calls it; only ever shown. */
  readonly filename: string;
  readonly title?: string | undefined;
  readonly language: string;
  readonly expectedBytes: number | undefined;
  readonly by: string | null;
  /** `recording`: of what was said live. */
  readonly source?: 'upload' | 'recording';
}

/** A text that is to be spoken. */
export interface SpeechWish {
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
  readonly voice?: string | null;
  /** 1 is the voice's own pace. */
  readonly speed?: number;
  /** Sounds before the words, in the same file. */
  readonly chimeAssetId?: string | null;
}

/** The sound files: how they come in, become renditions, are renamed, removed and brought back. */
export class Library implements Component {
  readonly rows: AssetRows;
  readonly progress: ProgressBoard;
  readonly #deps: LibraryDeps;
  readonly #workplace: Workplace;
  readonly #queue: AssetQueue;
  readonly #receiving = new Map<
    string,
    { readonly control: AbortController; readonly done: Promise<void> }
  >();
  #purging: NodeJS.Timeout | undefined;

  constructor(deps: LibraryDeps) {
    const { store, clock, config, programs } = deps;
    this.#deps = deps;
    this.rows = new AssetRows(store);
    this.progress = new ProgressBoard(clock);
    this.#workplace = new Workplace(path.join(config.LOA_DATA_DIR, 'incoming'));
    this.#queue = new AssetQueue({
      ...deps,
      rows: this.rows,
      progress: this.progress,
      workplace: this.#workplace,
      runner: new MediaRunner(programs),
      limits: { longestSeconds: config.LOA_MEDIA_MAX_MINUTES * 60, shortestSeconds: SHORTEST_SECONDS },
      jobs: config.LOA_MEDIA_JOBS,
    });
  }

  /** Takes up what the last run left: half-received files are refused, the others begun again, left-overs removed. */
  async start(): Promise<void> {
    const keep = new Set<string>();
    for (const { id, state, removed_at } of this.rows.inStates(ON_THE_WAY)) {
      const whole =
        state !== 'receiving' && removed_at === null && (await canMake(this.#workplace.directory(id)));
      const end: AssetChange = { stage: null, progress: 0 };
      if (whole) {
        keep.add(id);
        this.#change(id, { ...end, state: 'queued' });
      } else this.#change(id, { ...end, state: 'refused', refusal: 'interrupted', refusal_params: '{}' });
    }
    await this.#workplace.sweep(keep);
    await this.#ensure(DEFAULT_CHIME, 'chime', 'Nhạc hiệu', gong);
    await this.#ensure(DEFAULT_SIREN, 'siren', 'Còi báo động', siren);
    this.purge();
    this.#purging = setInterval(() => this.purge(), PURGE_EVERY_MS);
    await this.#queue.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.#purging);
    const uploads = [...this.#receiving.values()];
    const reason = new Failure('stopping', 'The controller stops; send the file again later.', {
      status: 503,
    });
    for (const { control } of uploads) control.abort(reason);
    await Promise.allSettled(uploads.map(({ done }) => done));
    await this.#queue.stop();
  }

  /** @returns a function that ends the listening. */
  onProgress(listener: ProgressListener): () => void {
    return this.progress.listen(listener);
  }

  /** @throws Failure `not-found`, also for a removed one. */
  asset(id: string): ListedAsset {
    const row = this.rows.find(id);
    if (row === undefined || row.removed_at !== null) throw notFound('asset', id);
    return row;
  }

  /**
   * Takes a file in as it streams, and queues it.
   * @returns the asset's id.
   * @throws Refusal, or Failure `queue-full` or `cancelled`; nothing of the file remains then, and no asset.
   */
  async upload(stream: Readable, upload: Upload): Promise<string> {
    this.#refuseFull();
    const { expectedBytes } = upload;
    await refuseAnnounced(this.#workplace, { expectedBytes, mostBytes: this.#mostBytes });
    const id = ulid();
    const control = new AbortController();
    const done = this.#receive(id, stream, upload, control.signal).finally(() => this.#receiving.delete(id));
    this.#receiving.set(id, { control, done });
    await done;
    this.#queue.wake();
    return id;
  }

  async #receive(id: string, stream: Readable, upload: Upload, signal: AbortSignal): Promise<void> {
    const { filename, title, language, expectedBytes, by, source = 'upload' } = upload;
    const shown = { title: title?.trim() || titleOf(filename), filename: shownName(filename) };
    this.#insert(id, { ...shown, source, language, by }, 'receiving');
    try {
      const directory = await this.#workplace.open(id);
      this.progress.tell(id, 'receiving', 0);
      const { bytes, sha256 } = await receive(stream, directory, this.#workplace, {
        expectedBytes,
        mostBytes: this.#mostBytes,
        signal,
        onProgress: (ratio) => this.progress.tell(id, 'receiving', ratio),
      });
      signal.throwIfAborted();
      this.progress.end(id);
      this.#change(id, { state: 'queued', stage: null, bytes, sha256 });
    } catch (error) {
      await this.#workplace.clear(id);
      this.progress.end(id);
      this.rows.forget(id);
      this.#deps.changes.announce('asset', id);
      if (error === CANCELLED) throw new Failure('cancelled', 'The upload was cancelled.', { status: 409 });
      throw error;
    }
  }

  /**
   * Queues a text to be spoken, before all files that wait: somebody waits to hear it, and an emergency may depend on it.
   * @throws Failure `language-not-spoken`, `chime-not-ready`, `not-found`.
   */
  async speak(title: string, wanted: SpeechWish, by: string | null): Promise<string> {
    const { text, language, voice = null, speed = 1, chimeAssetId = null } = wanted;
    const chimeSha256 = chimeAssetId === null ? null : this.#chimeOf(chimeAssetId);
    const request: SpeechRequest = { text, language, voice, speed, chimeSha256 };
    if (!(await this.#deps.speech.speaks(language))) {
      const detail = `There is no voice for the language ${language}; choose another, such as vi or en.`;
      throw new Failure('language-not-spoken', detail, { status: 422, params: { language } });
    }
    const id = ulid();
    const directory = await this.#workplace.open(id);
    await writeFile(path.join(directory, SPEECH_FILE), JSON.stringify(request), { flush: true });
    this.#insert(id, { title, filename: null, source: 'speech', language, by, text }, 'queued');
    this.#queue.wake();
    return id;
  }

  #chimeOf(id: string): string {
    const { opus_sha256, title } = this.asset(id);
    if (opus_sha256 !== null) return opus_sha256;
    throw new Failure(
      'chime-not-ready',
      `“${title}” is not ready yet; wait a moment, or choose another chime.`,
      {
        status: 409,
        params: { title },
      },
    );
  }

  /** Stops receiving, waiting or working. @throws Failure `not-found`, or 409 `not-running`. */
  async cancel(id: string): Promise<void> {
    const { state } = this.asset(id);
    const receiving = this.#receiving.get(id);
    if (receiving !== undefined) {
      receiving.control.abort(CANCELLED);
      await Promise.allSettled([receiving.done]);
      return;
    }
    if (await this.#queue.cancel(id)) return;
    if (state !== 'queued') {
      throw new Failure('not-running', 'It is no longer on its way; there is nothing to stop.', {
        status: 409,
      });
    }
    this.#change(id, { state: 'cancelled', stage: null, progress: 0 });
    await this.#workplace.clear(id);
  }

  rename(id: string, title: string): void {
    this.asset(id);
    this.#change(id, { title });
  }

  /** @throws Failure `not-found`, or 409 `in-use` naming what uses it. */
  async remove(id: string): Promise<void> {
    const { state } = this.asset(id);
    refuseUsed(this.#deps.store, id);
    if (ON_THE_WAY.some((way) => way === state)) await this.cancel(id);
    if (this.rows.find(id) !== undefined) this.#change(id, { removed_at: this.#deps.clock.now() });
  }

  /** @throws Failure `not-found`, or 410 `gone` when its sound was cleared away since. */
  restore(id: string): void {
    const row = this.rows.find(id);
    if (row === undefined) throw notFound('asset', id);
    if (row.removed_at === null) return;
    refuseGone(row);
    this.#change(id, { removed_at: null });
  }

  /** Clears away what was removed long ago; see {@link purge}. */
  purge(): void {
    if (!this.#queue.isIdle) return;
    const { store, blobs, clock, log } = this.#deps;
    const removed = purge(store, blobs, clock.now());
    if (removed > 0) log.info({ files: removed }, 'files that nothing uses any more were deleted');
  }

  get #mostBytes(): number {
    return this.#deps.config.LOA_MEDIA_MAX_MB * 1_000_000;
  }

  #refuseFull(): void {
    if (this.rows.count(ON_THE_WAY) < MOST_WAITING) return;
    const detail = `${MOST_WAITING} files are waiting already; send this one when some of them are done.`;
    throw new Failure('queue-full', detail, { status: 503, params: { waiting: MOST_WAITING } });
  }

  /** Makes a sound of the house at the first start, or again when it could not be made. */
  async #ensure(id: string, source: 'chime' | 'siren', title: string, sound: () => Buffer): Promise<void> {
    const row = this.rows.find(id);
    if (row !== undefined && row.state !== 'refused' && row.state !== 'cancelled') return;
    const directory = await this.#workplace.open(id);
    await writeFile(path.join(directory, FILES.source), sound(), { flush: true });
    if (row !== undefined) this.#change(id, { state: 'queued', refusal: null, refusal_params: null });
    else this.#insert(id, { title, filename: null, source, language: 'vi', by: null }, 'queued');
  }

  #insert(
    id: string,
    {
      by,
      text = null,
      ...row
    }: Pick<ListedAsset, 'title' | 'filename' | 'source' | 'language'> & {
      by: string | null;
      text?: string | null;
    },
    state: 'receiving' | 'queued',
  ): void {
    this.rows.insert({ ...row, id, text, state, created_by: by }, this.#deps.clock.now());
    this.#deps.changes.announce('asset', id);
  }

  #change(id: string, change: AssetChange): void {
    this.rows.change(id, change, this.#deps.clock.now());
    this.#deps.changes.announce('asset', id);
  }
}
