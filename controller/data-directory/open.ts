import { mkdirSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { Failure } from '../failure.ts';

/** Where everything lives that must survive a restart; at most one controller holds it. */
export interface DataDirectory {
  readonly root: string;
  readonly database: string;
  readonly blobs: string;
  /** Firmware images, apart from the blobs: content can never name one. */
  readonly firmware: string;
  /** Temporary files, on the same file system as the blobs. */
  readonly incoming: string;
  readonly keys: string;
  release(): void;
}

/**
 * Makes the directory where needed and takes hold of it.
 * @throws Failure `data-directory` when it cannot be made or written, `data-directory-held` when another controller has it.
 */
export async function openDataDirectory(setting: string): Promise<DataDirectory> {
  const root = path.resolve(setting);
  const within = {
    blobs: path.join(root, 'blobs'),
    firmware: path.join(root, 'firmware'),
    incoming: path.join(root, 'incoming'),
    keys: path.join(root, 'keys'),
  };
  let lock: Database;
  try {
    for (const directory of Object.values(within)) mkdirSync(directory, { recursive: true });
    await chmod(within.keys, 0o700);
    lock = new SqliteDatabase(path.join(root, 'lock.sqlite'), { timeout: 0 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'data-directory',
      `The directory ${root} cannot be used (${why}); set LOA_DATA_DIR to one that this user may write to.`,
      { cause },
    );
  }
  hold(lock, root);
  return { root, database: path.join(root, 'loa.sqlite'), ...within, release: () => lock.close() };
}

/** A file lock of SQLite's: the kernel lets go of it however the process ends, so that it can never be left behind. */
function hold(lock: Database, root: string): void {
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Failure(
      'data-directory-held',
      `Another controller is using ${root}; stop it, or give this one a directory of its own in LOA_DATA_DIR.`,
      { cause },
    );
  }
}
