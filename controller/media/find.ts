import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure } from '../failure.ts';

const run = promisify(execFile);

/** The programs in use. Each is a path, or a name on the PATH. */
export interface MediaPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/** What the commands of `commands.ts` and of `visuals/film-commands.ts` are made of. */
const NEEDED = [
  { list: '-encoders', names: ['libopus', 'libmp3lame', 'libvpx-vp9'] },
  { list: '-filters', names: ['loudnorm', 'ebur128', 'alimiter', 'aresample'] },
] as const;

/**
 * The named programs, else the system's, else those that came with the packages.
 * @throws Failure `no-ffmpeg` or `no-ffprobe` saying what was tried and what to do.
 */
export async function findMediaPrograms(config: {
  readonly LOA_FFMPEG?: string | undefined;
  readonly LOA_FFPROBE?: string | undefined;
}): Promise<MediaPrograms> {
  const [ffmpeg, ffprobe] = await Promise.all([
    find('ffmpeg', config.LOA_FFMPEG, '@ffmpeg-installer/ffmpeg', lacksOfFfmpeg),
    find('ffprobe', config.LOA_FFPROBE, '@ffprobe-installer/ffprobe', lacksOfFfprobe),
  ]);
  return { ffmpeg, ffprobe };
}

type Lacks = (program: string) => Promise<string | null>;

async function find(
  name: string,
  named: string | undefined,
  fallback: string,
  lacks: Lacks,
): Promise<string> {
  const setting = `LOA_${name.toUpperCase()}`;
  if (named !== undefined) {
    const problem = await lacks(named);
    if (problem === null) return named;
    throw new Failure(`no-${name}`, `${setting}=${named} cannot be used: ${problem}. Correct or unset it.`);
  }
  const system = await lacks(name);
  if (system === null) return name;
  const path = await packaged(fallback);
  const own = path === null ? `the package ${fallback} has none for this machine` : await lacks(path);
  if (path !== null && own === null) return path;
  throw new Failure(
    `no-${name}`,
    `No usable ${name}: the system's: ${system}; ${own}. Install ffmpeg, or name one in ${setting}.`,
  );
}

/** Imported only when needed: on a machine that it has no program for, the package throws. */
async function packaged(name: string): Promise<string | null> {
  try {
    const found: { default?: { path?: unknown }; path?: unknown } = await import(name);
    const path = found.default?.path ?? found.path;
    return typeof path === 'string' ? path : null;
  } catch {
    return null;
  }
}

async function lacksOfFfmpeg(program: string): Promise<string | null> {
  try {
    for (const { list, names } of NEEDED) {
      const { stdout } = await run(program, ['-hide_banner', list], {
        timeout: 20_000,
        maxBuffer: 4_000_000,
      });
      const words = new Set(stdout.split(/\s+/));
      const missing = names.filter((name) => !words.has(name));
      if (missing.length > 0) return `it was built without ${missing.join(', ')}`;
    }
    return null;
  } catch (error) {
    return reason(error);
  }
}

async function lacksOfFfprobe(program: string): Promise<string | null> {
  try {
    await run(program, ['-hide_banner', '-version'], { timeout: 20_000 });
    return null;
  } catch (error) {
    return reason(error);
  }
}

const reason = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'there is none'
    : `it does not run (${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)})`;
