import type { Database } from 'better-sqlite3';
import { firstLight } from './0001-first-light.ts';
import { broadcasts } from './0002-broadcasts.ts';
import { settings } from './0003-settings.ts';
import { firmware } from './0004-firmware.ts';
import { broadcastBlobs } from './0005-broadcast-blobs.ts';
import { commandLife } from './0006-command-life.ts';
import { onAir } from './0007-on-air.ts';
import { live } from './0008-live.ts';
import { relays } from './0010-relays.ts';
import { incidents } from './0011-incidents.ts';
import { alerts } from './0012-alerts.ts';
import { boards } from './0014-boards.ts';
import { visuals } from './0015-visuals.ts';
import { publicBoard } from './0016-public-board.ts';
import { boardWatch } from './0017-board-watch.ts';
import { publicItems } from './0018-public-items.ts';
import { boardSettings } from './0019-board-settings.ts';

/** Append-only: a migration that has left the house is never edited. */
const MIGRATIONS: readonly { name: string; sql: string }[] = [
  { name: '0001-first-light', sql: firstLight },
  { name: '0002-broadcasts', sql: broadcasts },
  { name: '0003-settings', sql: settings },
  { name: '0004-firmware', sql: firmware },
  { name: '0005-broadcast-blobs', sql: broadcastBlobs },
  { name: '0006-command-life', sql: commandLife },
  { name: '0007-on-air', sql: onAir },
  { name: '0008-live', sql: live },
  { name: '0010-relays', sql: relays },
  { name: '0011-incidents', sql: incidents },
  { name: '0012-alerts', sql: alerts },
  { name: '0014-boards', sql: boards },
  { name: '0015-visuals', sql: visuals },
  { name: '0016-public-board', sql: publicBoard },
  { name: '0017-board-watch', sql: boardWatch },
  { name: '0018-public-items', sql: publicItems },
  { name: '0019-board-settings', sql: boardSettings },
];

/**
 * Brings the schema up to date, each migration in a transaction of its own.
 * @throws Error when the file was written by a newer version of the program, which is then left untouched.
 */
export function migrate(database: Database): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
  );
  const applied = new Set(database.prepare('SELECT name FROM migration').pluck().all() as string[]);
  const unknown = [...applied].filter((name) => !MIGRATIONS.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was written by a newer version of the program (${unknown.join(', ')}); start that version, or restore a backup.`,
    );
  }
  const keysWereOn = database.pragma('foreign_keys', { simple: true });
  // A table that is made anew is gone for a moment; what points at it must not go with it.
  database.pragma('foreign_keys = OFF');
  for (const { name, sql } of MIGRATIONS) {
    if (applied.has(name)) continue;
    database.transaction(() => {
      database.exec(sql);
      const broken = database.pragma('foreign_key_check');
      if (Array.isArray(broken) && broken.length > 0) {
        throw new Error(
          `Migration ${name} would leave rows that point nowhere: ${JSON.stringify(broken[0])}`,
        );
      }
      database.prepare('INSERT INTO migration (name, applied_at) VALUES (?, ?)').run(name, Date.now());
    })();
  }
  if (keysWereOn) database.pragma('foreign_keys = ON');
}
