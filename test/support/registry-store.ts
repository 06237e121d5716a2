import { openStore, type Store } from '#controller/database/open';

/** A database in memory with so many speakers in it, `loa-00000000` and on. */
export function storeWithDevices(count: number): { store: Store; ids: string[] } {
  const store = openStore(':memory:');
  const ids = Array.from({ length: count }, (_, index) => `loa-${String(index).padStart(8, '0')}`);
  const insert = store.sqlite.prepare(
    `INSERT INTO device (id, kind, name, model, serial, public_key, credential_hash, capabilities, status_since, created_at)
      VALUES (?, 'speaker', ?, 'Loa 20W', ?, '{}', '', '{"codecs":["opus"]}', 0, 0)`,
  );
  store.sqlite.transaction(() => {
    for (const [index, id] of ids.entries())
      insert.run(id, `Cụm ${String(index).padStart(5, '0')}`, `S${index}`);
  })();
  return { store, ids };
}
