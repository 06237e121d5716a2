import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RecordDraft } from '#devices/run-record';
import { Outbox } from '#firmware-sim/outbox';
import { diskTrouble } from '#firmware-sim/whole-file';

const dir = mkdtempSync(join(tmpdir(), 'loa-disk-'));
/** A disk of its own, of 256 kB; only the administrator of a machine may have one. */
const mounted = ((): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', dir]);
  rmSync(dir, { recursive: true, force: true });
});

const draft: RecordDraft = {
  occurrence: 's1@1795400000000',
  schedule: 's1',
  part: { index: 0, of: 1 },
  priority: 'scheduled',
  title: 'Bản tin '.repeat(20),
  sha256: 'a'.repeat(64),
  dueAt: 1_795_400_000_000,
  startedAt: 1_795_400_000_000,
  endedAt: 1_795_400_001_000,
  clockErrorMs: 1,
  clockSynced: true,
  playedMs: 1_000,
  dueMs: 1_000,
  end: 'completed',
};

test.skipIf(!mounted)(
  'a disk that fills up in the middle of a record loses none, and takes them all in order when there is room',
  async () => {
    const troubles = new Set<string | null>();
    const counted = { number: 1, counted: true, count: async () => undefined };
    const outbox = new Outbox(dir, counted, (error) => troubles.add(diskTrouble(error)));
    await outbox.open();
    await writeFile(join(dir, 'programme'), Buffer.alloc(100_000));
    for (let count = 0; count < 300; count += 1) outbox.release(await outbox.append(draft));
    expect([...troubles]).toEqual(['disk-full']);
    expect(outbox.whole).toBe(false);
    expect(outbox.nextBatch()?.records, 'what is not on the disk is told all the same').toHaveLength(50);
    await rm(join(dir, 'programme'));
    expect(await outbox.flush()).toBe(true);
    const lines = (await readFile(join(dir, 'outbox', '1.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    await outbox.close();
  },
);
