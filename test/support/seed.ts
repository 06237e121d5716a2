import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '#controller/database/open';

/** What a seeded device signs in with. */
export const seededCredential = (device: string): string => `credential-of-${device}-${'x'.repeat(20)}`;
export const seededDevice = (index: number): string => `loa-seed${String(index).padStart(5, '0')}`;

/** What a seeded device says of itself. */
const CAPABILITIES = {
  speaker: '{"codecs":["opus"],"outputDelayMs":0}',
  board: '{"codecs":[],"panel":{"width":192,"height":96,"pitchMm":5},"outputDelayMs":0,"display":"led"}',
};

/**
 * Enters so many paired speakers, or boards, into a data directory that no controller uses: pairing is limited to what technicians
 * can do, and a benchmark of ten thousand devices is not about pairing.
 */
export async function seedDevices(
  dataDirectory: string,
  count: number,
  kind: 'speaker' | 'board' = 'speaker',
): Promise<string[]> {
  mkdirSync(dataDirectory, { recursive: true });
  const store = openStore(path.join(dataDirectory, 'loa.sqlite'));
  const now = Date.now();
  const devices = Array.from({ length: count }, (_, index) => seededDevice(index));
  const insertArea = store.sqlite.prepare(
    "INSERT INTO area (id, kind, name, position, created_at) VALUES (?, 'neighbourhood', ?, ?, ?)",
  );
  const insert = store.sqlite.prepare(
    `INSERT INTO device (id, kind, name, model, serial, area_id, address, public_key, credential_hash, capabilities, status_since, created_at)
     VALUES (?, ?, ?, 'LP-30', ?, ?, ?, '{}', ?, ?, ?, ?)`,
  );
  store.sqlite.transaction(() => {
    for (let area = 1; area <= 20; area += 1) insertArea.run(`area-${area}`, `Tổ dân phố ${area}`, area, now);
    devices.forEach((device, index) => {
      const area = (index % 20) + 1;
      const hash = createHash('sha256').update(seededCredential(device)).digest('hex');
      insert.run(
        ...[device, kind, `${kind === 'board' ? 'Bảng tin' : 'Cụm loa'} ${index + 1}`, `S${index}`],
        ...[`area-${area}`, `Ngõ ${index + 1}`, hash, CAPABILITIES[kind], now, now],
      );
    });
  })();
  await store.close();
  return devices;
}
