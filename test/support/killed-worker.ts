import type { RecordDraft } from '#devices/run-record';
import { BootCount } from '#firmware-sim/boot-count';
import { Cache } from '#firmware-sim/cache';
import { download } from '#firmware-sim/download';
import { Outbox } from '#firmware-sim/outbox';

/**
 * A program that does what a device does to its disk, as fast as it can, until it is killed: fetches a file and writes
 * records, and says of each what is on the disk.
 * Arguments: directory, URL, and the file's SHA-256 and length.
 */
const [dir = '', url = '', sha256 = '', length = ''] = process.argv.slice(2);
const boot = await BootCount.begin(dir);
const cache = new Cache(dir);
await cache.open();
const outbox = new Outbox(dir, boot);
await outbox.open();
process.stdout.write(`boot ${boot.number} holds ${outbox.size}\n`);

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

async function fetching(): Promise<void> {
  const wanted = { url, bearer: 'x', sha256, bytes: Number(length), path: cache.path(sha256) };
  for (;;) {
    await download(wanted, new AbortController().signal).catch(() => undefined);
    process.stdout.write('fetched\n');
    await cache.discard(sha256);
  }
}

async function recording(): Promise<void> {
  for (;;) {
    const record = await outbox.append(draft);
    process.stdout.write(`recorded ${boot.number} ${record.seq}\n`);
  }
}

process.stdout.on('error', () => process.exit(1));
await Promise.all([fetching(), recording()]);
