import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Lines kept of what ffmpeg complains about. */
const LOG_LINES = 20;

/** A run of ffmpeg through which sound flows for as long as it is wanted. */
export interface Flow {
  readonly input: Writable;
  readonly output: Readable;
  /** Settles when the program has ended and its output is read: null when it ended well, else why not. */
  readonly ended: Promise<string | null>;
  /** The same, once it is known; undefined while it runs. */
  readonly over: string | null | undefined;
  readonly pid: number | null;
  kill(): void;
}

/**
 * Starts ffmpeg on arguments from `flow-commands.ts`. Errors of its pipes are no news beside its end.
 * @param program as `MediaPrograms.ffmpeg`.
 */
export function startFlow(program: string, args: readonly string[]): Flow {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const log: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log.push(...text.split('\n').filter((line) => line.trim() !== ''));
    log.splice(0, log.length - LOG_LINES);
  });
  child.stdin.on('error', () => {});
  child.stdout.on('error', () => {});
  let over: string | null | undefined;
  const ended = new Promise<string | null>((settle) => {
    const resolve = (why: string | null): void => {
      if (over === undefined) over = why;
      settle(why);
    };
    child.on('error', (error) => resolve(`ffmpeg does not run: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(null);
      else
        resolve(
          log.at(-1) ?? (signal === null ? `ffmpeg ended with ${code}` : `ffmpeg was ended by ${signal}`),
        );
    });
  });
  return {
    input: child.stdin,
    output: child.stdout,
    ended,
    get over() {
      return over;
    },
    pid: child.pid ?? null,
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
