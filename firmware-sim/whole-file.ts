import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { mayRemove, mayWrite } from './disk-fault.ts';

/**
 * Files appear whole: temporary name → fsync → rename → fsync of the directory. After a power cut there is the
 * old content or the new, never half of one.
 * @param options `mode` of the file; `durable: false` skips the fsyncs for what may be lost but not torn.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  options: { mode?: number; durable?: boolean } = {},
): Promise<void> {
  const durable = options.durable ?? true;
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    mayWrite(path);
    const file = await open(temporary, 'wx', options.mode ?? 0o644);
    try {
      await file.writeFile(content);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new Error(`cannot write ${path}: is the disk full or the directory read-only?`, { cause: error });
  }
  if (durable) await syncDirectory(dirname(path));
}

/** Makes a rename in the directory survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new Error(`cannot make the directory ${path}: give a --dir that can be written`, { cause: error });
  });
}

/** Removes a file if it is there. @throws on a read-only disk. */
export async function remove(path: string): Promise<void> {
  mayRemove(path);
  await rm(path, { force: true });
}

/** What may be wrong with the disk, as the codes of faults. */
export const DISK_TROUBLES = ['disk-full', 'disk-read-only', 'storage-failed'] as const;

export const isDiskTrouble = (what: string): what is (typeof DISK_TROUBLES)[number] =>
  DISK_TROUBLES.some((trouble) => trouble === what);

/** Which trouble of the disk an error tells of; null when it is of another kind. */
export function diskTrouble(error: unknown): (typeof DISK_TROUBLES)[number] | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
    if (code === 'EROFS') return 'disk-read-only';
    if (code === 'EIO' || code === 'EACCES' || code === 'EPERM') return 'storage-failed';
  }
  return null;
}

/** What was read is not what was written. */
class Damaged extends Error {}

/** The content of a JSON file; null when there is none. What does not fit its schema is an error, never a default. */
export async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw new Error(`cannot read ${path}`, { cause: error });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new Damaged(`${path} is damaged: move it away, and the device starts that part afresh`, {
      cause: error,
    });
  }
}

/**
 * As {@link readJson}, for what a device can learn anew: a damaged file is put aside as `.damaged`, so that a device on
 * a pole starts all the same.
 */
export async function readOrForget<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | null> {
  try {
    return await readJson(path, schema);
  } catch (error) {
    // What could not be read just now (too many open files, a loose contact) may be as it should.
    if (error instanceof Damaged) await rename(path, `${path}.damaged`).catch(() => undefined);
    return null;
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
