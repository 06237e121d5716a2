import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Component } from '../component.ts';
import { Failure } from '../failure.ts';
import { PaintAnswer, type Painted, type PaintJob } from './paint/jobs.ts';
import { VisualRefusal } from './refusal.ts';

export interface PainterLimits {
  /** A job that takes longer is given up, with the process that does it. */
  readonly jobMs: number;
  /** The same for memory: 40 megapixels need some 700 MB for a moment. Watched where the system tells it (Linux). */
  readonly residentBytes: number;
  /** Jobs that may wait. */
  readonly waiting: number;
  /** Without work for so long the process is let go. */
  readonly idleMs: number;
}

export const PAINTER_LIMITS: PainterLimits = {
  jobMs: 30_000,
  residentBytes: 1_400_000_000,
  waiting: 256,
  idleMs: 60_000,
};
const LOOK_MS = 100;

interface Waiting {
  readonly job: PaintJob;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (painted: Painted) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has pictures decoded, resized and encoded by a process of its own, one at a time. It is started with the first job, and
 * again after one that killed it or had to be given up.
 */
export class Painter implements Component {
  readonly #limits: PainterLimits;
  readonly #queue: Waiting[] = [];
  #child: ChildProcess | undefined;
  #busy = false;
  #stopped = false;
  #count = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: Partial<PainterLimits> = {}) {
    this.#limits = { ...PAINTER_LIMITS, ...limits };
  }

  async start(): Promise<void> {
    this.#stopped = false;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { reject } of this.#queue.splice(0)) reject(stopping());
    this.#letGo();
  }

  /** Of the process that draws; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * @throws VisualRefusal `broken-picture` also of one that killed its decoder, `visual-not-decoded`, `visual-failed`; Failure
   *   `queue-full` 503; the signal's reason.
   */
  paint(job: PaintJob, signal?: AbortSignal): Promise<Painted> {
    if (this.#stopped) return Promise.reject(stopping());
    if (this.#queue.length >= this.#limits.waiting) {
      const detail = 'Too many pictures are waiting to be made; try again in a moment.';
      return Promise.reject(
        new Failure('queue-full', detail, { status: 503, params: { waiting: this.#queue.length } }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, signal, resolve, reject });
      void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#idle = setTimeout(() => this.#letGo(), this.#limits.idleMs).unref();
      return;
    }
    clearTimeout(this.#idle);
    this.#busy = true;
    try {
      next.signal?.throwIfAborted();
      next.resolve(await this.#carryOut(next));
    } catch (error) {
      next.reject(error);
    } finally {
      this.#busy = false;
      void this.#pump();
    }
  }

  #carryOut({ job, signal }: Waiting): Promise<Painted> {
    const child = this.#child ?? this.#launch();
    const id = ++this.#count;
    const { jobMs, residentBytes } = this.#limits;
    return new Promise<Painted>((resolve, reject) => {
      const giveUp = (error: unknown): void => {
        reject(error);
        this.#letGo();
      };
      const onMessage = (message: unknown): void => {
        // A decoder that something hostile took over may say anything.
        const { data: answer } = PaintAnswer.safeParse(message);
        if (answer === undefined) onEnd();
        else if (answer.id !== id) return;
        else if (answer.painted !== null) resolve(answer.painted);
        else if (answer.refusal?.code === 'broken-picture') reject(new VisualRefusal('broken-picture'));
        else reject(new VisualRefusal('visual-failed', { detail: answer.refusal?.detail ?? 'no word why' }));
      };
      const onEnd = (): void =>
        giveUp(new VisualRefusal('broken-picture', {}, new Error('its decoder died of it')));
      const onAbort = (): void => giveUp(signal?.reason);
      const late = setTimeout(
        () => giveUp(new VisualRefusal('visual-not-decoded', { seconds: Math.round(jobMs / 1_000) })),
        jobMs,
      );
      const look = setInterval(() => {
        void residentOf(child.pid).then((bytes) => {
          if (bytes > residentBytes)
            giveUp(new VisualRefusal('broken-picture', {}, new Error('too much memory')));
        });
      }, LOOK_MS);
      child.on('message', onMessage);
      child.once('exit', onEnd);
      child.once('error', onEnd);
      signal?.addEventListener('abort', onAbort);
      const settled = (): void => {
        clearTimeout(late);
        clearInterval(look);
        child.off('message', onMessage);
        child.off('exit', onEnd);
        child.off('error', onEnd);
        signal?.removeEventListener('abort', onAbort);
      };
      const [done, failed] = [resolve, reject];
      resolve = (painted) => {
        settled();
        done(painted);
      };
      reject = (error: unknown) => {
        settled();
        failed(error);
      };
      child.send({ id, job });
    });
  }

  /** The process gets nothing of the controller's environment: no secret is there to be read. */
  #launch(): ChildProcess {
    const source = import.meta.url.endsWith('.ts');
    const child = fork(
      fileURLToPath(new URL(source ? './paint/process.ts' : './paint/process.js', import.meta.url)),
      [],
      {
        env: { PATH: process.env.PATH ?? '', MALLOC_ARENA_MAX: '2' },
        execArgv: [
          '--max-old-space-size=256',
          ...(source ? ['--conditions=loa-source', '--import', import.meta.resolve('tsx')] : []),
        ],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    );
    child.on('error', () => {});
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    this.#child = child;
    return child;
  }

  #letGo(): void {
    clearTimeout(this.#idle);
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGKILL');
  }
}

const stopping = (): Failure =>
  new Failure('stopping', 'The controller stops; try again later.', { status: 503 });

/** Bytes in memory of a process; 0 where the system does not tell. */
async function residentOf(pid: number | undefined): Promise<number> {
  try {
    const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
    return pages * 4_096;
  } catch {
    return 0;
  }
}
