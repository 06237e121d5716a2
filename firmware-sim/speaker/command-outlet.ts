import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Outlet } from './outlet.ts';
import { framesOf } from './sound-card.ts';
import { spread } from './spread.ts';

/** Given ahead of the clock at the start, so that a command that plays in real time is full soon and pushes back. */
const FIRST_MS = 2_500;
const SETTLES_AFTER_MS = 3_000;
/** What a command may take at once, after it was full, without being ahead of the clock for good. */
const GULP_MS = 250;
/** Full so recently, it goes by a clock of its own. */
const RECENTLY_MS = 1_000;
/** Written at once: less than a pipe takes whole or not at all (PIPE_BUF), in stereo too. */
const PIECE = framesOf(10);
const OPENS_WITHIN_MS = 5_000;
const ENDS_WITHIN_MS = 2_000;

/**
 * Any command that takes raw sound on its input. It reads from a named pipe, since such a one can be written without
 * waiting: its back pressure is the pace, and what it took counts as left. What lies in the pipe and in the command from
 * then on is output delay, which cannot be seen from here. A command that never pushes back is given sound by the clock.
 */
export class CommandOutlet implements Outlet {
  readonly settleMs = SETTLES_AFTER_MS;
  readonly #command: string;
  readonly #channels: number;
  #directory: string | null = null;
  #pipe: number | null = null;
  #child: ChildProcess | null = null;
  #ended: string | null = null;
  #taken = 0;
  #full = false;
  #beganMs: number | null = null;
  /** What it had when it was last full: from there on it takes what the clock says, and a gulp more. */
  #from: { readonly ms: number; readonly frames: number } | null = null;

  /** @param channels 1 or 2 */
  constructor(command: string, channels: number) {
    this.#command = command;
    this.#channels = channels;
  }

  async open(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), 'loa-output-'));
    const path = join(this.#directory, 'pipe');
    try {
      await promisify(execFile)('mkfifo', ['-m', '600', path]);
      this.#child = this.#run(path);
      this.#pipe = await this.#connect(path);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  prepare(): void {
    this.#taken = 0;
    this.#from = null;
    this.#beganMs = null;
    this.#full = false;
  }

  room(nowMs: number): number {
    this.#beganMs ??= nowMs;
    if (this.#full) this.#from = { ms: nowMs, frames: this.#taken };
    this.#full = false;
    const first = { ms: this.#beganMs, frames: framesOf(FIRST_MS - GULP_MS) };
    // At the start it fills its own buffers, and is full and hungry in turn.
    const starts = nowMs - this.#beganMs < SETTLES_AFTER_MS;
    if (!starts && this.#from !== null && this.#from.ms - this.#beganMs < SETTLES_AFTER_MS - RECENTLY_MS)
      this.#from = null;
    const from = starts ? first : (this.#from ?? first);
    return from.frames + framesOf(nowMs - from.ms + GULP_MS) - this.#taken;
  }

  write(samples: Int16Array): number {
    let taken = 0;
    while (taken < samples.length && !this.#full) {
      const piece = samples.subarray(taken, taken + PIECE);
      if (this.#took(spread(piece, this.#channels))) taken += piece.length;
      else this.#full = true;
    }
    this.#taken += taken;
    return taken;
  }

  left(): number {
    if (this.#ended !== null) throw this.#gone();
    return this.#taken;
  }

  async close(): Promise<void> {
    if (this.#pipe !== null) closeSync(this.#pipe);
    this.#pipe = null;
    const child = this.#child;
    const directory = this.#directory;
    this.#child = null;
    this.#directory = null;
    // It may be opened anew while the command still ends.
    if (child !== null) await ended(child);
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  }

  #run(path: string): ChildProcess {
    this.#ended = null;
    // In a group of its own: a pipeline ends as one, and the keyboard's interrupt is for the device alone.
    const child = spawn('/bin/sh', ['-c', `exec <"$0"\n${this.#command}`, path], {
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    const over = (how: string): void => {
      if (this.#child === child) this.#ended = how;
    };
    child.once('error', (error) => over(error.message));
    child.once('exit', (code, signal) => over(`it ended with ${code ?? signal}`));
    return child;
  }

  /** Without a reader the pipe cannot be opened for writing: then the command is not there yet. */
  async #connect(path: string): Promise<number> {
    for (let waited = 0; waited < OPENS_WITHIN_MS; waited += 10) {
      if (this.#ended !== null) break;
      try {
        return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      } catch (error) {
        if (codeOf(error) !== 'ENXIO') throw error;
      }
      await pause(10);
    }
    throw this.#gone();
  }

  #took(samples: Int16Array): boolean {
    if (this.#pipe === null || this.#ended !== null) throw this.#gone();
    try {
      writeSync(this.#pipe, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') return false;
      throw codeOf(error) === 'EPIPE' ? this.#gone() : error;
    }
  }

  #gone(): Error {
    const how = this.#ended ?? 'it does not read its input';
    return new Error(`the output command "${this.#command}" takes no sound: ${how}; try it in a shell`);
  }
}

/** The end of its input is a command's sign to play what it has and go; who does not is made to. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const patience = new AbortController();
  await Promise.race([
    exit,
    pause(ENDS_WITHIN_MS, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It went in this moment.
  }
  await exit;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
