import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Where ffmpeg is: the one that was asked for, else the system's, else the binary that
 * `@ffmpeg-installer/ffmpeg` ships.
 */
export async function findFfmpeg(asked: string | undefined): Promise<string> {
  if (asked !== undefined) {
    if (runs(asked)) return asked;
    throw new Error(`--ffmpeg ${asked} is not a program that can be run`);
  }
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(directory, 'ffmpeg');
    if (directory !== '' && runs(candidate)) return candidate;
  }
  const { default: installer } = await import('@ffmpeg-installer/ffmpeg').catch((error: unknown) => {
    throw new Error('found no ffmpeg: install it, or give its path with --ffmpeg', { cause: error });
  });
  return installer.path;
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
