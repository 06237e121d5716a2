import { z } from 'zod';
import { FfmpegError, type MediaRunner } from '../media/ffmpeg.ts';
import {
  FILM_ENTRIES,
  FILM_FENCE,
  FILM_FILES,
  type FilmWish,
  filmCommand,
  frameCommand,
  type Size,
} from './film-commands.ts';
import { VisualRefusal } from './refusal.ts';

export const LONGEST_FILM_SECONDS = 600;
/** As wide as the film that is looked at in the console. */
const LOOK = { width: 1_280, height: 1_280 };
const MOST_PIXELS = 40_000_000;
/** A second of film may take so long to code, on a machine with other things to do. */
const SECONDS_PER_SECOND = 20;

const Answer = z.object({
  format: z.object({ format_name: z.string(), duration: z.string().optional() }),
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      sample_aspect_ratio: z.string().optional(),
      avg_frame_rate: z.string().optional(),
      duration: z.string().optional(),
      disposition: z.object({ attached_pic: z.number().optional() }).optional(),
      tags: z.object({ rotate: z.string().optional() }).optional(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
    }),
  ),
});

export interface ProbedFilm {
  /** As it is meant to be seen: upright, with square pixels. */
  readonly shown: Size;
  readonly framesPerSecond: 25 | 30;
  /** What the file says; null when it does not. */
  readonly claimedSeconds: number | null;
}

export interface FilmJob {
  /** Of the job, with nobody else's files in it. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** 0 to 1. */
  readonly onProgress?: (ratio: number) => void;
}

/** @throws VisualRefusal `no-film`, `visual-truncated`, `too-many-pixels`, `film-too-long`; the signal's reason. */
export async function probeFilm(runner: MediaRunner, source: string, job: FilmJob): Promise<ProbedFilm> {
  const asked = { cwd: job.cwd, signal: job.signal, entries: FILM_ENTRIES, fence: FILM_FENCE };
  const { json } = await runner.probe(source, asked).catch((error: unknown) => {
    if (!(error instanceof FfmpegError)) throw error;
    const cut = error.log.some((line) => line.includes('moov atom not found'));
    throw new VisualRefusal(cut ? 'visual-truncated' : 'no-film', {}, error);
  });
  const { format, streams } = Answer.parse(JSON.parse(json));
  const stream = streams.find(
    ({ codec_type, disposition }) => codec_type === 'video' && disposition?.attached_pic !== 1,
  );
  const { width = 0, height = 0 } = stream ?? {};
  if (stream === undefined || width < 1 || height < 1) throw new VisualRefusal('no-film');
  if (width * height > MOST_PIXELS) {
    throw new VisualRefusal('too-many-pixels', { width, height, megapixels: MOST_PIXELS / 1_000_000 });
  }
  const seconds = Number(stream.duration ?? format.duration ?? Number.NaN);
  const claimedSeconds = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  if (claimedSeconds !== null && claimedSeconds > LONGEST_FILM_SECONDS + 1) throw tooLong();
  return { shown: shownSize(stream), framesPerSecond: evenRate(stream.avg_frame_rate), claimedSeconds };
}

const tooLong = (): VisualRefusal =>
  new VisualRefusal('film-too-long', { minutes: LONGEST_FILM_SECONDS / 60 });

function shownSize(stream: z.infer<typeof Answer>['streams'][number]): Size {
  const { width = 1, height = 1, sample_aspect_ratio = '1:1', tags, side_data_list = [] } = stream;
  const [across = 1, down = 1] = sample_aspect_ratio.split(':').map(Number);
  const aspect = across > 0 && down > 0 ? across / down : 1;
  const square = { width: Math.max(1, Math.round(width * aspect)), height };
  const turned = Number(
    tags?.rotate ?? side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0,
  );
  return Math.abs(turned) % 180 === 90 ? { width: square.height, height: square.width } : square;
}

/** What boards run at: films of the cinema and of Vietnam's television at 25, what telephones make at 30. */
function evenRate(rate: string | undefined): 25 | 30 {
  const [frames = 0, seconds = 1] = (rate ?? '').split('/').map(Number);
  const framesPerSecond = frames / seconds;
  const isTwentyFive = (framesPerSecond > 0 && framesPerSecond < 26) || Math.abs(framesPerSecond - 50) < 1;
  return isTwentyFive ? 25 : 30;
}

export interface MadeFilm extends Size {
  readonly framesPerSecond: number;
  readonly durationMs: number;
}

/**
 * Makes `FILM_FILES.film` in the job's directory.
 * @throws VisualRefusal `no-film`, `visual-truncated`, `film-too-long`, `visual-not-decoded`; the signal's reason.
 */
export async function makeFilm(
  runner: MediaRunner,
  source: string,
  probed: ProbedFilm,
  wish: Pick<FilmWish, 'size' | 'fit'>,
  job: FilmJob,
): Promise<MadeFilm> {
  const { shown, framesPerSecond, claimedSeconds } = probed;
  const expected = claimedSeconds ?? LONGEST_FILM_SECONDS;
  const command = filmCommand(source, {
    shown,
    framesPerSecond,
    ...wish,
    limitSeconds: LONGEST_FILM_SECONDS + 1,
  });
  const { seconds } = await runner
    .run(command, {
      cwd: job.cwd,
      signal: job.signal,
      timeoutMs: (60 + expected * SECONDS_PER_SECOND) * 1_000,
      onProgress: (done) => job.onProgress?.(Math.min(0.99, done / expected)),
    })
    .catch((error: unknown) => {
      if (error instanceof FfmpegError) throw new VisualRefusal('no-film', {}, error);
      throw error;
    });
  if (seconds > LONGEST_FILM_SECONDS) throw tooLong();
  const made = await probeFilm(runner, FILM_FILES.film, job);
  const durationMs = Math.round((made.claimedSeconds ?? 0) * 1_000);
  if (durationMs < 1) throw new VisualRefusal('no-film');
  if (claimedSeconds !== null && durationMs / 1_000 < claimedSeconds - Math.max(0.5, claimedSeconds * 0.02)) {
    throw new VisualRefusal('visual-truncated');
  }
  return { ...wish.size, framesPerSecond, durationMs };
}

/** The film that is looked at in the console, and a frame of it. */
export async function makeLook(
  runner: MediaRunner,
  source: string,
  job: FilmJob,
): Promise<{ readonly shown: Size; readonly durationMs: number }> {
  const probed = await probeFilm(runner, source, job);
  const { shown } = probed;
  const scale = Math.min(1, LOOK.width / shown.width, LOOK.height / shown.height);
  const even = (side: number): number => Math.max(2, Math.round((side * scale) / 2) * 2);
  const size = { width: even(shown.width), height: even(shown.height) };
  const { durationMs } = await makeFilm(runner, source, probed, { size, fit: 'contain' }, job);
  const at = Math.min(durationMs / 1_000 / 3, 2);
  await runner.run(frameCommand(FILM_FILES.film, at), {
    cwd: job.cwd,
    signal: job.signal,
    timeoutMs: 60_000,
  });
  return { shown, durationMs };
}
