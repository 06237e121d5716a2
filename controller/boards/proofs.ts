import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { filesOf, Scene } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import type { Component } from '../component.ts';
import type { PageProof, ProofTask } from './page-hashes.ts';
import { type Size, sizeKey } from './panels.ts';

export interface ProofsDeps {
  readonly blobs: Pick<BlobStore, 'path'>;
  readonly log: Logger;
  /** Something is known now that was not known before. */
  readonly known: () => void;
}

/** Some hundred bytes each: every scene of a site on every size of its boards. */
const MOST_KNOWN = 2_000;
/** What waits beyond that is asked for again when somebody looks again. */
const MOST_WAITING = 100;
/** A thread with a canvas takes some 60 MB; boards are looked at now and then. */
const IDLE_MS = 60_000;
/** One scene takes no longer on the smallest machine; if it does, it is not known. */
const PATIENCE_MS = 60_000;

interface Wanted {
  readonly key: string;
  readonly scene: string;
  readonly size: Size;
}

/**
 * What scenes look like on boards of a size by the controller's own renderer, page by page. Asked at once, answered from
 * memory; what is not there yet is drawn in a thread, one scene after the other.
 */
export class Proofs implements Component {
  readonly #deps: ProofsDeps;
  readonly #known = new Map<string, readonly PageProof[] | null>();
  readonly #waiting = new Map<string, Wanted>();
  #work: Promise<void> | undefined;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(deps: ProofsDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
    await this.#work;
  }

  /** @returns null while it is not known, or when it cannot be. */
  of(scene: string, size: Size): readonly PageProof[] | null {
    const key = `${scene} ${sizeKey(size)}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#known.delete(key);
      this.#known.set(key, known);
      return known;
    }
    if (this.#waiting.size < MOST_WAITING && !this.#stopped) {
      this.#waiting.set(key, { key, scene, size });
      this.#work ??= this.#drain().finally(() => {
        this.#work = undefined;
      });
    }
    return null;
  }

  async #drain(): Promise<void> {
    await Promise.resolve();
    clearTimeout(this.#idle);
    for (const [key, wanted] of this.#waiting) {
      if (this.#stopped) return;
      const proofs = await this.#drawn(wanted).catch((error: unknown) => {
        this.#deps.log.warn({ err: error, scene: wanted.scene }, 'what a scene looks like is not known');
        return null;
      });
      if (this.#stopped) return;
      this.#waiting.delete(key);
      const [oldest] = this.#known.keys();
      if (this.#known.size >= MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
      this.#known.set(key, proofs);
    }
    this.#deps.known();
    this.#idle = setTimeout(() => {
      void this.#worker?.terminate();
      this.#worker = undefined;
    }, IDLE_MS);
    this.#idle.unref();
  }

  async #drawn({ scene: sha256, size }: Wanted): Promise<readonly PageProof[]> {
    const { blobs } = this.#deps;
    const scene = await readFile(blobs.path(sha256), 'utf8');
    const names = filesOf(Scene.parse(JSON.parse(scene))).map((file) => file.sha256);
    const files = Object.fromEntries(names.map((name) => [name, blobs.path(name)]));
    return this.#ask({ scene, size, files });
  }

  #ask(task: ProofTask): Promise<readonly PageProof[]> {
    const worker = this.#worker ?? startThread();
    // One that was given up may still break, and nobody else listens then.
    if (worker !== this.#worker) worker.on('error', () => {});
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        worker.off('message', answered);
        worker.off('error', broken);
        worker.off('exit', gone);
      };
      const broken = (error: unknown): void => {
        end();
        if (this.#worker === worker) this.#worker = undefined;
        void worker.terminate();
        reject(error);
      };
      const gone = (): void => broken(new Error('the thread that draws boards has ended'));
      const timer = setTimeout(() => broken(new Error('a scene took too long to draw')), PATIENCE_MS);
      const answered = ({ proofs, trouble }: { proofs?: PageProof[]; trouble?: string }): void => {
        end();
        if (proofs === undefined) reject(new Error(trouble));
        else resolve(proofs);
      };
      worker.once('message', answered);
      worker.once('error', broken);
      worker.once('exit', gone);
      worker.postMessage(task);
    });
  }
}

/** From source the thread needs a loader, which a worker on Node 20 does not take from `--import` for its first file. */
function startThread(): Worker {
  const options = { name: 'boards', resourceLimits: { maxOldGenerationSizeMb: 512 } };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./proof-worker.js', import.meta.url), options);
  }
  const loader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  ).href;
  const file = new URL('./proof-worker.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(start, { ...options, eval: true, execArgv: ['--conditions=loa-source'] });
}
