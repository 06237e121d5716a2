import { execFile } from 'node:child_process';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import Ffmpeg from 'fluent-ffmpeg';
import { FENCE, type MediaCommand } from './commands.ts';
import type { MediaPrograms } from './find.ts';
import { Refusal } from './refusal.ts';

/** Lines kept of what ffmpeg says. The summaries stand at the end. */
const LOG_LINES = 200;
const SOUND_ENTRIES =
  'format=format_name,duration,probe_score:stream=index,codec_type,codec_name,channels,sample_rate,duration';
/** Below the broker and the process that plays nothing itself but must answer. */
const NICENESS = 5;

export interface RunOptions {
  /** The job's directory; every name in the command is relative to it. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** The program is killed when it takes longer. */
  readonly timeoutMs: number;
  /** Takes what goes to the target `pipe`. */
  readonly pipe?: Writable;
  /** Seconds of sound done so far, about twice a second. */
  readonly onProgress?: (seconds: number) => void;
}

export interface RunResult {
  readonly log: readonly string[];
  /** Seconds of sound that came out. */
  readonly seconds: number;
}

/** ffmpeg ended with an error; `log` is what it said last. */
export class FfmpegError extends Error {
  readonly log: readonly string[];

  constructor(message: string, log: readonly string[], cause: unknown) {
    super(message, { cause });
    this.name = 'FfmpegError';
    this.log = log;
  }
}

/** The one place where ffmpeg and ffprobe are run. Commands come as data, from `commands.ts`. */
export class MediaRunner {
  readonly #programs: MediaPrograms;

  constructor(programs: MediaPrograms) {
    this.#programs = programs;
  }

  /**
   * Carries out a command.
   * @throws the signal's reason when cancelled; {@link Refusal} `not-decoded` when it took too long; {@link FfmpegError}.
   */
  async run(command: MediaCommand, options: RunOptions): Promise<RunResult> {
    const { signal, timeoutMs, pipe } = options;
    signal.throwIfAborted();
    const log: string[] = [];
    let seconds = 0;
    const job = this.#build(command, options).on('stderr', (line: string) => {
      const time = /^out_time=(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(line);
      if (time !== null && time[1] === '') {
        seconds = Number(time[2]) * 3_600 + Number(time[3]) * 60 + Number(time[4]);
        options.onProgress?.(seconds);
      } else if (!/^\w+=/.test(line)) {
        log.push(line);
        if (log.length > LOG_LINES) log.shift();
      }
    });
    let late = false;
    let running = false;
    const kill = (): void => {
      if (running) job.kill('SIGKILL');
    };
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, timeoutMs);
    signal.addEventListener('abort', kill);
    try {
      const ended = new Promise<void>((resolve, reject) => {
        job
          .on('start', () => {
            running = true;
            if (signal.aborted || late) kill();
          })
          .on('end', () => resolve())
          .on('error', reject);
      });
      job.run();
      await ended;
      if (pipe !== undefined) await finished(pipe, { readable: false, cleanup: true });
      return { log, seconds };
    } catch (error) {
      signal.throwIfAborted();
      if (late) throw new Refusal('not-decoded', { seconds: Math.round(timeoutMs / 1_000) }, error);
      throw new FfmpegError(`ffmpeg: ${error instanceof Error ? error.message : String(error)}`, log, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
    }
  }

  #build(command: MediaCommand, { cwd, pipe }: RunOptions): Ffmpeg.FfmpegCommand {
    const job = Ffmpeg({ cwd, niceness: NICENESS, stdoutLines: LOG_LINES })
      .setFfmpegPath(this.#programs.ffmpeg)
      .input(command.input.file)
      // `info` because the meters print their summaries at that level.
      .inputOptions(
        '-hide_banner',
        '-nostdin',
        '-nostats',
        '-v',
        'info',
        '-progress',
        'pipe:2',
        ...command.input.options,
      )
      .complexFilter(command.graph);
    for (const { options, target } of command.outputs) {
      if (target !== 'pipe') job.output(target);
      else if (pipe !== undefined) job.output(pipe, { end: true });
      else throw new Error('the command writes to a pipe, and no stream was given to take it');
      job.outputOptions(...options);
    }
    return job;
  }

  /**
   * Asks ffprobe what a file of the job's directory is.
   * @param options.entries what is asked, in ffprobe's words; `fence` what may be opened. Left out: of sound.
   * @returns its JSON, and what it complained about.
   * @throws the signal's reason when cancelled; {@link FfmpegError} when it cannot open the file.
   */
  probe(
    file: string,
    options: { cwd: string; signal: AbortSignal; entries?: string; fence?: readonly string[] },
  ): Promise<{ json: string; log: string[] }> {
    const { entries = SOUND_ENTRIES, fence = FENCE } = options;
    const args = [
      '-hide_banner',
      '-v',
      'warning',
      ...fence,
      '-of',
      'json',
      '-show_entries',
      entries,
      '-i',
      file,
    ];
    return new Promise((resolve, reject) => {
      execFile(
        this.#programs.ffprobe,
        args,
        {
          cwd: options.cwd,
          signal: options.signal,
          timeout: 60_000,
          maxBuffer: 1_000_000,
          killSignal: 'SIGKILL',
        },
        (error, stdout, stderr) => {
          const log = stderr.split('\n').slice(-LOG_LINES);
          if (error === null) resolve({ json: stdout, log });
          else if (options.signal.aborted) reject(options.signal.reason);
          else reject(new FfmpegError(`ffprobe: ${error.message.split('\n', 1)[0]}`, log, error));
        },
      );
    });
  }
}
