import SqliteDatabase, { type Database } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Failure } from '../failure.ts';
import { foldText } from '../fold-text.ts';
import { migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';

/** Typed queries (`queries`) and, for statements in a hot path or a transaction, the driver itself (`sqlite`). */
export interface Store {
  readonly queries: Kysely<Schema>;
  readonly sqlite: Database;
  close(): Promise<void>;
}

/**
 * Opens, tunes and migrates the database.
 * WAL lets readers go on while one writes; `synchronous = FULL` because an as-run record is acknowledged to the
 * device, which then deletes it, so the commit must have reached the disk.
 * @param file a path, or `:memory:`.
 * @throws Failure `database-damaged` when the file is no database.
 */
export function openStore(file: string): Store {
  const sqlite = new SqliteDatabase(file);
  try {
    sqlite.pragma('journal_mode = WAL');
  } catch (cause) {
    sqlite.close();
    if (!isDamage(cause)) throw cause;
    throw new Failure(
      'database-damaged',
      `The database ${file} cannot be read (${cause.message}); put a backup in its place, or move it away to begin anew.`,
      { cause },
    );
  }
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  // 32 MB of log before it is copied into the database: a fleet's plans in a few strides, not in fifty.
  sqlite.pragma('wal_autocheckpoint = 8000');
  sqlite.pragma('cache_size = -65536');
  // For searching, in SQL: `instr(fold(title), @wanted)`; NULL is folded to nothing.
  sqlite.function('fold', { deterministic: true }, (text) => foldText(String(text ?? '')));
  migrate(sqlite);
  const queries = new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) });
  return { queries, sqlite, close: () => queries.destroy() };
}

const isDamage = (cause: unknown): cause is Error =>
  cause instanceof SqliteDatabase.SqliteError && ['SQLITE_NOTADB', 'SQLITE_CORRUPT'].includes(cause.code);
