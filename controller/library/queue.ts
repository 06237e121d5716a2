import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Refusal } from '../media/refusal.ts';
import type { AssetChange, AssetRows, Lane } from './asset-rows.ts';
import { canMake, type MakeDeps, makeAsset, refusalOf } from './make.ts';
import type { ProgressBoard, Stage } from './progress.ts';
import type { Workplace } from './workplace.ts';

export interface QueueDeps extends MakeDeps {
  readonly rows: AssetRows;
  readonly workplace: Workplace;
  readonly progress: ProgressBoard;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many at a time. */
  readonly jobs: number;
}

/** Texts that are spoken at a time, beside the files. */
const SPEECH_JOBS = 1;

const CANCELLED = Symbol('cancelled by a person');
const STOPPING = Symbol('the program stops');

/**
 * Works off the files that wait, oldest first, a few at a time; speech in a lane of its own. The queue is the table: what waits or is being worked on
 * when the program dies is begun again at the next start.
 */
export class AssetQueue implements Component {
  readonly #deps: QueueDeps;
  readonly #working = new Map<string, { readonly control: AbortController; readonly done: Promise<void> }>();
  readonly #busy: Record<Lane, number> = { speech: 0, files: 0 };
  #open = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#open = true;
    this.#pump();
  }

  async stop(): Promise<void> {
    this.#open = false;
    const jobs = [...this.#working.values()];
    for (const { control } of jobs) control.abort(STOPPING);
    await Promise.all(jobs.map(({ done }) => done));
  }

  /** To be called when a row has become `queued`. */
  wake(): void {
    this.#pump();
  }

  get isIdle(): boolean {
    return this.#working.size === 0;
  }

  /** Stops work on one. @returns false when it is not being worked on. */
  async cancel(id: string): Promise<boolean> {
    const job = this.#working.get(id);
    if (job === undefined) return false;
    job.control.abort(CANCELLED);
    await job.done;
    return true;
  }

  #pump(): void {
    const { rows, clock, changes, jobs } = this.#deps;
    for (const [lane, most] of [
      ['speech', SPEECH_JOBS],
      ['files', jobs],
    ] as const) {
      while (this.#open && this.#busy[lane] < most) {
        const id = rows.takeNext(lane, clock.now());
        if (id === undefined) break;
        changes.announce('asset', id);
        this.#begin(id, lane);
      }
    }
  }

  #begin(id: string, lane: Lane): void {
    const control = new AbortController();
    this.#busy[lane] += 1;
    const done = this.#work(id, control.signal).finally(() => {
      this.#working.delete(id);
      this.#busy[lane] -= 1;
      this.#pump();
    });
    this.#working.set(id, { control, done });
  }

  async #work(id: string, signal: AbortSignal): Promise<void> {
    const { rows, workplace, progress, changes, clock, log } = this.#deps;
    const now = (): number => clock.now();
    const onStage = (stage: Stage, ratio: number): void => {
      if (signal.aborted || !progress.tell(id, stage, ratio)) return;
      rows.change(id, { stage, progress: 0 }, now());
      changes.announce('asset', id);
    };
    const end = { stage: null, progress: 0 };
    // What is refused or cancelled is gone from the disk before it is said to be.
    const clear = (): Promise<void> =>
      workplace
        .clear(id)
        .catch((error: unknown) =>
          log.warn({ asset: id, err: error }, 'left-overs remain until the next start'),
        );
    try {
      const cwd = workplace.directory(id);
      if (!(await canMake(cwd))) throw new Error('the file on its way in is no longer there');
      const made = await makeAsset(this.#deps, { cwd, signal, onStage, now });
      const done = { state: 'ready', progress: 1, refusal: null, refusal_params: null } as const;
      rows.change(id, { ...made, ...end, ...done }, now());
      log.info(
        { asset: id, durationMs: made.duration_ms, lufs: made.loudness_lufs },
        'a sound file is ready',
      );
      await clear();
    } catch (error) {
      if (signal.aborted && signal.reason === STOPPING) {
        rows.change(id, { ...end, state: 'queued' }, now());
        progress.end(id);
        return;
      }
      await clear();
      if (signal.aborted) rows.change(id, { ...end, state: 'cancelled' }, now());
      else this.#refuse(id, refusalOf(error), end);
    }
    progress.end(id);
    changes.announce('asset', id);
  }

  #refuse(id: string, { code, params, cause }: Refusal, end: AssetChange): void {
    const { rows, clock, log } = this.#deps;
    const refusal = { state: 'refused', refusal: code, refusal_params: JSON.stringify(params) } as const;
    rows.change(id, { ...end, ...refusal }, clock.now());
    const about = { asset: id, refusal: code, err: cause, ffmpeg: lastWords(cause) };
    if (code === 'failed') log.error(about, 'a sound file could not be processed');
    else log.info(about, 'a sound file was refused');
  }
}

const lastWords = (cause: unknown): unknown =>
  cause instanceof Error && 'log' in cause && Array.isArray(cause.log) ? cause.log.slice(-5) : undefined;
