import { createReadStream } from 'node:fs';
import path from 'node:path';
import { FIELDS, FlashCount } from '#devices/lint/flashes';
import type { MediaRunner } from '../media/ffmpeg.ts';
import type { FilmJob } from './film.ts';
import { FILM_FILES, fieldsCommand } from './film-commands.ts';

const FRAME_BYTES = FIELDS.width * FIELDS.height * 4;
/** Decoding alone is faster than the film; a machine that is busy gets ten times that. */
const PATIENCE_MS = 60_000;

/**
 * The most flashes in any second of the film that was made: boards stand beside roads, and are looked at by people whom
 * flashes make ill.
 */
export async function countFlashes(
  runner: MediaRunner,
  { framesPerSecond, durationMs }: { readonly framesPerSecond: number; readonly durationMs: number },
  { cwd, signal }: FilmJob,
): Promise<number> {
  await runner.run(fieldsCommand(FILM_FILES.film, FIELDS), {
    cwd,
    signal,
    timeoutMs: PATIENCE_MS + 10 * durationMs,
  });
  const count = new FlashCount(framesPerSecond);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path.join(cwd, FILM_FILES.fields))) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    for (; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES)
      count.look(bytes.subarray(at, at + FRAME_BYTES));
    rest = bytes.subarray(at);
  }
  return count.most;
}
