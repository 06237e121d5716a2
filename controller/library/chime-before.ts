import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FILES, SAMPLE_RATE, samplesCommand } from '../media/commands.ts';
import type { MediaRunner } from '../media/ffmpeg.ts';
import { wavHeader } from '../media/wav-header.ts';

/** Between the chime and the first word. */
const PAUSE_MS = 400;
const TIMEOUT_MS = 120_000;

/**
 * Puts a chime before the sound that lies in the directory as its source; both become one WAV file of 48 kHz.
 * @param chime the path of a rendition. @throws as {@link MediaRunner.run}.
 */
export async function putChimeBefore(
  runner: MediaRunner,
  chime: string,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<void> {
  const samples = async (file: string): Promise<Buffer> => {
    await runner.run(samplesCommand(file, `${file}.pcm`), { cwd, signal, timeoutMs: TIMEOUT_MS });
    return readFile(path.join(cwd, `${file}.pcm`));
  };
  await copyFile(chime, path.join(cwd, 'chime'));
  const first = await samples('chime');
  const words = await samples(FILES.source);
  const pause = Buffer.alloc(Math.round((PAUSE_MS * SAMPLE_RATE) / 1_000) * 2);
  const bytes = first.length + pause.length + words.length;
  const joined = path.join(cwd, 'joined');
  await writeFile(joined, [wavHeader(SAMPLE_RATE, bytes), first, pause, words], { flush: true });
  await rename(joined, path.join(cwd, FILES.source));
}
