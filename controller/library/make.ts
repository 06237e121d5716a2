import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { BlobStore } from '../blobs/store.ts';
import { FILES } from '../media/commands.ts';
import type { MediaRunner } from '../media/ffmpeg.ts';
import type { MediaLimits } from '../media/inspect.ts';
import { Refusal } from '../media/refusal.ts';
import { transcode } from '../media/transcode.ts';
import type { Speech } from '../speech/speech.ts';
import type { AssetChange } from './asset-rows.ts';
import { putChimeBefore } from './chime-before.ts';
import type { Stage } from './progress.ts';

/** What is to be spoken, kept as a file beside the sound that comes of it, so that a restart can begin again. */
export const SpeechRequest = z.object({
  text: z.string(),
  language: z.string(),
  voice: z.string().nullable().default(null),
  /** 1 is the voice's own pace. */
  speed: z.number().default(1),
  /** SHA-256 of the rendition of a chime that sounds before the words. */
  chimeSha256: z.string().nullable().default(null),
});
export type SpeechRequest = z.infer<typeof SpeechRequest>;
export const SPEECH_FILE = 'speech.json';

export interface MakeDeps {
  readonly runner: MediaRunner;
  readonly speech: Speech;
  readonly blobs: BlobStore;
  readonly limits: MediaLimits;
}

/**
 * From what lies in the directory to what stands in the library: speaks it if it is a text, transcodes, stores.
 * @returns what is to be written into the asset's row.
 * @throws Refusal, or the signal's reason.
 */
export async function makeAsset(
  { runner, speech, blobs, limits }: MakeDeps,
  job: {
    cwd: string;
    signal: AbortSignal;
    onStage: (stage: Stage, ratio: number) => void;
    now: () => number;
  },
): Promise<AssetChange> {
  const { cwd, signal, onStage, now } = job;
  const request = await speechIn(cwd);
  if (request !== null) {
    onStage('speaking', 0);
    const { text, chimeSha256, ...options } = request;
    await speech.speak(
      path.join(cwd, FILES.source),
      text,
      { ...options, onProgress: (ratio) => onStage('speaking', ratio) },
      signal,
    );
    if (chimeSha256 !== null) await putChimeBefore(runner, blobs.path(chimeSha256), { cwd, signal });
  }
  const made = await transcode(runner, { cwd, limits, signal, onStage, inHaste: request !== null }).catch(
    (error: unknown) => {
      throw request === null ? error : aboutText(error);
    },
  );
  const opus = await blobs.adopt(path.join(cwd, FILES.opus), 'audio/ogg', now());
  const mp3 = await blobs.adopt(path.join(cwd, FILES.mp3), 'audio/mpeg', now());
  signal.throwIfAborted();
  return {
    format: made.format,
    duration_ms: made.durationMs,
    loudness_lufs: made.rendition.integratedLufs,
    true_peak_dbtp: made.rendition.truePeakDbtp,
    source_loudness_lufs: made.source.integratedLufs,
    peaks: Buffer.from(made.peaks),
    opus_sha256: opus.sha256,
    mp3_sha256: mp3.sha256,
  };
}

/** What is wrong with the sound of a text is wrong with the text: one of signs alone is silence. */
const aboutText = (error: unknown): unknown =>
  error instanceof Refusal && (error.code === 'silent' || error.code === 'too-short')
    ? new Refusal('not-spoken', {}, error)
    : error;

async function speechIn(cwd: string): Promise<SpeechRequest | null> {
  const text = await readFile(path.join(cwd, SPEECH_FILE), 'utf8').catch(() => null);
  return text === null ? null : SpeechRequest.parse(JSON.parse(text));
}

/** Whether there is something in the directory to begin with. */
export async function canMake(cwd: string): Promise<boolean> {
  const there = await Promise.all(
    [FILES.source, SPEECH_FILE].map((name) =>
      stat(path.join(cwd, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return there.includes(true);
}

/** What a failed job is called in the row. A full disk may show itself anywhere. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const log =
    error instanceof Error && 'log' in error && Array.isArray(error.log) ? error.log.join('\n') : '';
  if (code === 'ENOSPC' || log.includes('No space left on device')) return new Refusal('no-space', {}, error);
  return new Refusal('failed', { detail: text.split('\n', 1)[0]?.slice(0, 200) ?? '' }, error);
}
