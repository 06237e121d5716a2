import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { BlobStore } from '#controller/blobs/store';
import { Changes } from '#controller/changes';
import { type Clock, systemClock } from '#controller/clock';
import { openStore, type Store } from '#controller/database/open';
import { Documents } from '#controller/documents/documents';
import { apiRouter } from '#controller/http/api';
import { routes } from '#controller/http/contract/index';
import type { Visual } from '#controller/http/contract/visuals';
import { problemHandler } from '#controller/http/problem';
import { Fitting } from '#controller/visuals/fitting';
import { visualHandlers } from '#controller/visuals/handlers';
import { Painter, type PainterLimits } from '#controller/visuals/painter';
import { Visuals } from '#controller/visuals/visuals';
import { PACKAGED } from './recordings.ts';
import { until } from './until.ts';

/** Pictures, films and documents on a real disk and database, behind real HTTP; signing in is left out. */
export class VisualSite {
  readonly directory: string;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly changes = new Changes();
  readonly painter: Painter;
  readonly visuals: Visuals;
  readonly fitting: Fitting;
  #server: Server | undefined;
  #url = '';

  private constructor(directory: string, clock: Clock, limits: Partial<PainterLimits>) {
    this.directory = directory;
    this.store = openStore(path.join(directory, 'loa.sqlite'));
    this.blobs = new BlobStore(path.join(directory, 'blobs'), this.store);
    // A machine that runs all tests at once needs its time to start a process.
    this.painter = new Painter({ jobMs: 120_000, ...limits });
    const deps = { store: this.store, clock, changes: this.changes, blobs: this.blobs, programs: PACKAGED };
    this.visuals = new Visuals({
      ...{ ...deps, painter: this.painter, log: pino({ level: 'silent' }) },
      ...{ incoming: path.join(directory, 'incoming-visuals'), isFitting: () => !this.fitting.isIdle },
    });
    this.fitting = new Fitting({
      ...{ ...deps, painter: this.painter, films: this.visuals.films },
      ...{ incoming: path.join(directory, 'incoming-fits'), visual: (id) => this.visuals.row(id) },
    });
  }

  static async start(
    options: { directory?: string; clock?: Clock; limits?: Partial<PainterLimits> } = {},
  ): Promise<VisualSite> {
    const directory = options.directory ?? (await mkdtemp(path.join(tmpdir(), 'loa-visuals-')));
    const site = new VisualSite(directory, options.clock ?? systemClock, options.limits ?? {});
    await site.painter.start();
    await site.visuals.start();
    await site.fitting.start();
    const others = Object.fromEntries(
      Object.keys(routes).map((operation) => [operation, async () => Promise.reject(new Error(operation))]),
    ) as unknown as Parameters<typeof apiRouter>[0];
    const own = visualHandlers({ ...site, documents: new Documents() });
    const caller = { id: 'operator', name: 'Operator', role: 'operator', mustChangePassword: false };
    const identify = async () => caller as unknown as Awaited<ReturnType<Parameters<typeof apiRouter>[1]>>;
    const app = express();
    app.use('/api/v1', apiRouter({ ...others, ...own }, identify, express.json({ limit: '256kb' })));
    app.use(problemHandler(pino({ level: 'silent' })));
    site.#server = createServer({ requestTimeout: 0 }, app);
    await new Promise<void>((resolve) => site.#server?.listen(0, '127.0.0.1', resolve));
    site.#url = `http://127.0.0.1:${(site.#server.address() as AddressInfo).port}/api/v1`;
    return site;
  }

  ask(address: string, options: RequestInit = {}): Promise<Response> {
    return fetch(`${this.#url}${address}`, options);
  }

  /** Sends it and waits until it is ready or refused; a refusal before that is thrown as its code. */
  async take(file: Uint8Array, filename: string): Promise<Visual> {
    const answer = await this.ask(`/visuals?filename=${encodeURIComponent(filename)}`, {
      ...{ method: 'POST', body: new Uint8Array(file) },
      headers: { 'content-type': 'application/octet-stream' },
    });
    if (answer.status !== 202) throw new Error(((await answer.json()) as { code: string }).code);
    return this.settled(((await answer.json()) as Visual).id);
  }

  settled(id: string): Promise<Visual> {
    return until(`${id} to settle`, () => {
      const visual = this.visuals.view(id);
      return ['ready', 'refused', 'cancelled'].includes(visual.state) ? visual : null;
    });
  }

  /** Everything that a job left behind. */
  async leftovers(): Promise<string[]> {
    const all = await Promise.all(
      ['incoming-visuals', 'incoming-fits'].map((name) =>
        readdir(path.join(this.directory, name), { recursive: true }),
      ),
    );
    return all.flat();
  }

  /** Stops, and closes the database; the directory stays. */
  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) =>
      this.#server === undefined ? resolve(null) : this.#server.close(resolve),
    );
    await this.fitting.stop();
    await this.visuals.stop();
    await this.painter.stop();
    await this.store.close();
  }

  async stop(): Promise<void> {
    await this.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
