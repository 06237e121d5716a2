import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { BlobStore } from '#controller/blobs/store';
import { Changes, type Entity } from '#controller/changes';
import { type Clock, systemClock } from '#controller/clock';
import { openStore, type Store } from '#controller/database/open';
import { apiRouter } from '#controller/http/api';
import { routes } from '#controller/http/contract/index';
import type { Asset } from '#controller/http/contract/library';
import { type Policy, SpeechPolicy } from '#controller/http/contract/policies';
import { problemHandler } from '#controller/http/problem';
import { assetView } from '#controller/library/asset-view';
import { libraryHandlers } from '#controller/library/handlers';
import { Library, type LibraryDeps } from '#controller/library/library';
import { Playlists } from '#controller/library/playlists';
import { Programmes } from '#controller/library/programmes';
import { ChosenSpeech } from '#controller/speech/chosen';
import { EmbeddedSpeech } from '#controller/speech/embedded';
import { speechHandlers } from '#controller/speech/handlers';
import { readAloud } from '#controller/speech/reading/reading';
import { PACKAGED } from './recordings.ts';
import { until } from './until.ts';

export interface SiteOptions {
  readonly directory?: string;
  readonly clock?: Clock;
  readonly mostMegabytes?: number;
  readonly mostMinutes?: number;
  readonly programs?: LibraryDeps['programs'];
  readonly speech?: Partial<Policy<'speech'>>;
  readonly apiKey?: string;
}

/** A library on a real disk and database, with its operations behind real HTTP; signing in is left out. */
export class LibrarySite {
  readonly directory: string;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly changes = new Changes();
  readonly announced: string[] = [];
  readonly speech: ChosenSpeech;
  readonly library: Library;
  readonly programmes: Programmes;
  readonly playlists: Playlists;
  #server: Server | undefined;

  private constructor(directory: string, options: SiteOptions) {
    const { clock = systemClock, mostMegabytes = 64, mostMinutes = 180, programs = PACKAGED } = options;
    this.directory = directory;
    this.store = openStore(path.join(directory, 'loa.sqlite'));
    this.blobs = new BlobStore(path.join(directory, 'blobs'), this.store);
    this.changes.listen((entity: Entity, id) => this.announced.push(`${entity} ${id}`));
    const deps = { store: this.store, clock, changes: this.changes, blobs: this.blobs };
    this.speech = new ChosenSpeech({
      policy: () => SpeechPolicy.parse(options.speech ?? {}),
      apiKey: () => options.apiKey ?? null,
      embedded: new EmbeddedSpeech(),
      read: readAloud,
      log: pino({ level: 'silent' }),
    });
    this.library = new Library({
      ...deps,
      log: pino({ level: 'silent' }),
      speech: this.speech,
      programs,
      config: {
        LOA_DATA_DIR: directory,
        LOA_MEDIA_MAX_MB: mostMegabytes,
        LOA_MEDIA_MAX_MINUTES: mostMinutes,
        LOA_MEDIA_JOBS: 1,
      },
    });
    this.programmes = new Programmes(deps);
    this.playlists = new Playlists(deps);
  }

  /** Not started: for what a start must clear up. */
  static async prepare(options: SiteOptions = {}): Promise<LibrarySite> {
    return new LibrarySite(
      options.directory ?? (await mkdtemp(path.join(tmpdir(), 'loa-library-'))),
      options,
    );
  }

  static async start(options: SiteOptions = {}): Promise<LibrarySite> {
    const site = await LibrarySite.prepare(options);
    await site.library.start();
    return site;
  }

  /** Where the operations are, `http://127.0.0.1:…/api/v1`. */
  async listen(): Promise<string> {
    const own = { ...libraryHandlers(this), ...speechHandlers({ ...this, read: readAloud }) };
    const others = Object.fromEntries(
      Object.keys(routes).map((operation) => [operation, async () => Promise.reject(new Error(operation))]),
    ) as unknown as Parameters<typeof apiRouter>[0];
    const app = express();
    const caller = { id: 'operator', name: 'Operator', role: 'operator', mustChangePassword: false } as const;
    const identify = async () => caller as unknown as Awaited<ReturnType<Parameters<typeof apiRouter>[1]>>;
    app.use('/api/v1', apiRouter({ ...others, ...own }, identify, express.json({ limit: '256kb' })));
    app.use(problemHandler(pino({ level: 'silent' })));
    this.#server = createServer({ requestTimeout: 0 }, app);
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v1`;
  }

  asset(id: string): Asset {
    return assetView(this.library.asset(id), this.library.progress.of(id));
  }

  /** Waits until it is ready, refused or cancelled. */
  settled(id: string): Promise<Asset> {
    return until(`asset ${id} to settle`, () => {
      const asset = this.asset(id);
      return ['ready', 'refused', 'cancelled'].includes(asset.state) ? asset : null;
    });
  }

  /** Everything under `incoming`. */
  async leftovers(): Promise<string[]> {
    return readdir(path.join(this.directory, 'incoming'), { recursive: true });
  }

  async blobFiles(): Promise<string[]> {
    const entries = await readdir(path.join(this.directory, 'blobs'), {
      recursive: true,
      withFileTypes: true,
    });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  }

  /** Stops, and closes the database; the directory stays. */
  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) =>
      this.#server === undefined ? resolve(null) : this.#server.close(resolve),
    );
    await this.library.stop();
    await this.store.close();
  }

  async stop(): Promise<void> {
    await this.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
