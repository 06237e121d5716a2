import { access, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BlobStore } from '../blobs/store.ts';
import { FILES } from '../media/commands.ts';
import type { MediaRunner } from '../media/ffmpeg.ts';
import { makeLook } from './film.ts';
import { FILM_FILES } from './film-commands.ts';
import type { Painter } from './painter.ts';
import { refuseHostile } from './picture-head.ts';
import { VisualRefusal } from './refusal.ts';
import { HEAD_BYTES, type Sniffed, sniff } from './sniff.ts';
import type { VisualChange } from './visual-rows.ts';

export interface IntakeDeps {
  readonly runner: MediaRunner;
  readonly painter: Painter;
  readonly blobs: BlobStore;
}

export const PICTURE_BYTES = 30_000_000;
export const FILM_BYTES = 500_000_000;

export interface IntakeJob {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onProgress: (ratio: number) => void;
  readonly now: () => number;
}

/**
 * What lies as `source` in a directory.
 * @throws VisualRefusal `not-visual`, `unsupported-picture`, `visual-too-large`.
 */
export async function kindOf(
  cwd: string,
  bytes: number,
): Promise<Extract<Sniffed, { kind: 'image' | 'video' }>> {
  const sniffed = sniff(await headOf(path.join(cwd, FILES.source)));
  if (sniffed.kind === 'unknown') throw new VisualRefusal('not-visual');
  if (sniffed.kind === 'other-image')
    throw new VisualRefusal('unsupported-picture', { format: sniffed.format });
  if (sniffed.kind === 'image' && bytes > PICTURE_BYTES) {
    throw new VisualRefusal('visual-too-large', { megabytes: PICTURE_BYTES / 1_000_000 });
  }
  return sniffed;
}

/** Whether there is something to begin with again. */
export const hasSource = (cwd: string): Promise<boolean> =>
  access(path.join(cwd, FILES.source)).then(
    () => true,
    () => false,
  );

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * From what was sent to what stands in the library: decoded and coded anew, so that nothing of what was sent (place,
 * names, programs hidden in it) goes on to a board. Only a film is kept as it came, for boards that are yet to come.
 * @returns what is to be written into its row.
 */
export async function takeIn(
  { runner, painter, blobs }: IntakeDeps,
  { cwd, signal, onProgress, now }: IntakeJob,
): Promise<VisualChange> {
  const source = path.join(cwd, FILES.source);
  const sniffed = sniff(await headOf(source));
  const thumbnail = path.join(cwd, 'thumbnail.webp');
  if (sniffed.kind === 'image') {
    refuseHostile(await readFile(source), sniffed.format);
    const master = path.join(cwd, 'master');
    const { format } = sniffed;
    const { width, height, type } = await painter.paint(
      { type: 'take', source, format, master, thumbnail },
      signal,
    );
    return {
      ...{ kind: 'image', width, height, duration_ms: null },
      source_sha256: (await blobs.adopt(master, type, now())).sha256,
      thumbnail_sha256: (await blobs.adopt(thumbnail, 'image/webp', now())).sha256,
    };
  }
  const { shown, durationMs } = await makeLook(runner, FILES.source, { cwd, signal, onProgress });
  await painter.paint(
    { type: 'thumbnail', source: path.join(cwd, FILM_FILES.frame), target: thumbnail },
    signal,
  );
  return {
    ...{ kind: 'video', ...shown, duration_ms: durationMs },
    film_sha256: (await blobs.adopt(path.join(cwd, FILM_FILES.film), 'video/webm', now())).sha256,
    thumbnail_sha256: (await blobs.adopt(thumbnail, 'image/webp', now())).sha256,
    source_sha256: (await blobs.adopt(source, 'application/octet-stream', now())).sha256,
  };
}
