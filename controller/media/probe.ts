import { z } from 'zod';
import { FILES } from './commands.ts';
import { FfmpegError, type MediaRunner } from './ffmpeg.ts';
import { Refusal } from './refusal.ts';

/** As ffprobe writes it: numbers are text, and what it does not know is left out or `N/A`. */
const Answer = z.object({
  format: z.object({ format_name: z.string(), duration: z.string().optional(), probe_score: z.number() }),
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      channels: z.number().optional(),
      duration: z.string().optional(),
    }),
  ),
});

export interface Probed {
  /** Such as `mp3` or `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  readonly codec: string;
  /** Seconds that the file says it has; null when it does not say, and the length is only a guess by its size. */
  readonly claimedSeconds: number | null;
  /** The same, or ffprobe's guess by what is there. */
  readonly likelySeconds: number | null;
}

/** Noise is taken for MP3 with score 1; an MP3 of one second gets 51. */
const LEAST_SCORE = 12;

/**
 * Finds out what was uploaded.
 * @throws Refusal `not-audio`, `truncated` or `unsupported-format`.
 */
export async function probe(
  runner: MediaRunner,
  options: { cwd: string; signal: AbortSignal },
): Promise<Probed> {
  const { json, log } = await runner.probe(FILES.source, options).catch((error: unknown) => {
    if (error instanceof FfmpegError) throw unreadable(error);
    throw error;
  });
  const { format, streams } = Answer.parse(JSON.parse(json));
  if (format.probe_score < LEAST_SCORE) throw new Refusal('not-audio');
  const stream = streams.find(({ codec_type }) => codec_type === 'audio');
  if (stream === undefined) throw new Refusal('not-audio');
  const codec = stream.codec_name ?? 'unknown';
  if (codec === 'unknown' || codec === 'none') throw new Refusal('unsupported-format', { codec });
  if (stream.channels === undefined || stream.channels === 0) throw new Refusal('not-audio');
  const guessed = log.some((line) => line.includes('Estimating duration from bitrate'));
  // A film's sound may end before its pictures: what counts is the sound's own length, where the file tells it.
  const ofAll = streams.length === 1 ? format.duration : undefined;
  const seconds = Number(stream.duration ?? ofAll ?? Number.NaN);
  const likelySeconds = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  const claimedSeconds = guessed ? null : likelySeconds;
  return { container: format.format_name, codec, claimedSeconds, likelySeconds };
}

/** An MP4 whose index was to come at the end, and did not, is the usual half-copied phone recording. */
function unreadable(error: FfmpegError): Refusal {
  if (error.log.some((line) => line.includes('moov atom not found'))) {
    return new Refusal('truncated', {}, error);
  }
  return new Refusal('not-audio', {}, error);
}
