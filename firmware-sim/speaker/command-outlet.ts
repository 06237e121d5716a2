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

/** Given at the start, so that a command with a clock of its own is full soon and pushes back. */
const FIRST_MS = 2_500;
/** A command that has not pushed back for so long is given sound by our clock. */
const FREE_AFTER_MS = 3_000;
/** Held ready beyond what the pipe took, so that it is full after each feeding. */
const MORE_MS = 100;
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
  readonly settleMs = 2_000;
  readonly #command: string;
  readonly #channels: number;
  #directory: string | null = null;
  #pipe: number | null = null;
  #child: ChildProcess | null = null;
  #ended: string | null = null;
  #taken = 0;
  /** It was full now. */
  #full = false;
  #fullAtMs = Number.NEGATIVE_INFINITY;
  /** From here on the clock says what is due, as long as the pipe does not. */
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
    this.#full = false;
    this.#fullAtMs = Number.NEGATIVE_INFINITY;
  }

  room(nowMs: number): number {
    this.#from ??= { ms: nowMs, frames: framesOf(FIRST_MS) };
    if (this.#full) {
      this.#fullAtMs = nowMs;
      this.#from = { ms: nowMs, frames: this.#taken };
    }
    if (nowMs - this.#fullAtMs < FREE_AFTER_MS) return framesOf(MORE_MS);
    return this.#from.frames + framesOf(nowMs - this.#from.ms) - this.#taken;
  }

  write(samples: Int16Array): number {
    this.#full = false;
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
    this.#child = null;
    if (child !== null) await ended(child);
    if (this.#directory !== null) await rm(this.#directory, { recursive: true, force: true });
    this.#directory = null;
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
