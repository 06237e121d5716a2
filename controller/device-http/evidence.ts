import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '../blobs/store.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';

export interface EvidenceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly blobs: BlobStore;
  /** On the file system of the blobs. */
  readonly incoming: string;
}

export const EVIDENCE_LIMITS = { bytes: 5 * 1024 * 1024, perDay: 500, bytesPerDay: 250 * 1024 * 1024 };
const DAY_MS = 86_400_000;

/** How a file of the type begins: PNG (ISO/IEC 15948 §5.2), RIFF WAVE. */
const BEGINS: Record<string, (head: Buffer) => boolean> = {
  'image/png': (head) => head.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  'audio/wav': (head) =>
    head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WAVE',
};

export interface Evidence {
  /** A ULID of the device's. */
  readonly id: string;
  readonly device: string;
  readonly type: string;
  readonly body: Readable;
  /** When it was taken, epoch ms by the device's clock, where it says. */
  readonly takenAt?: number | null;
  /** Of a board: SHA-256 of the pixels that were lit, RGBA rows. */
  readonly pixels?: string | null;
}

/** What a device may be wrong by: a picture of tomorrow would hide those of today. */
const MOST_AHEAD_MS = 60_000;

/**
 * Takes a picture or recording from a device. The same id again is harmless, so that a device may repeat what it does
 * not know the outcome of.
 * @throws Failure `wrong-type` 415, `too-large` 413, `quota` 429, `taken` 409 when another device used the id.
 */
export async function keepEvidence(
  { store, clock, changes, blobs, incoming }: EvidenceDeps,
  { id, device, type, body, takenAt = null, pixels = null }: Evidence,
): Promise<'kept' | 'known'> {
  const begins = BEGINS[type];
  if (begins === undefined) {
    throw new Failure('wrong-type', `Evidence is image/png or audio/wav, not ${type.slice(0, 60)}.`, {
      status: 415,
    });
  }
  const { sqlite } = store;
  const owner = sqlite
    .prepare<[string], string>('SELECT device_id FROM evidence WHERE id = ?')
    .pluck()
    .get(id);
  if (owner === device) {
    body.resume();
    return 'known';
  }
  if (owner !== undefined)
    throw new Failure('taken', `The id ${id} is taken; use a new one.`, { status: 409 });
  const used = sqlite
    .prepare<[string, number], { files: number; bytes: number | null }>(
      'SELECT count(*) AS files, sum(bytes) AS bytes FROM evidence WHERE device_id = ? AND received_at > ?',
    )
    .get(device, clock.now() - DAY_MS);
  if ((used?.files ?? 0) >= EVIDENCE_LIMITS.perDay || (used?.bytes ?? 0) >= EVIDENCE_LIMITS.bytesPerDay) {
    throw new Failure('quota', 'The device sent its share of evidence for today; try again tomorrow.', {
      status: 429,
    });
  }
  await mkdir(incoming, { recursive: true });
  const temporary = path.join(incoming, `evidence-${crypto.randomUUID()}`);
  try {
    await pipeline(body, atMost(EVIDENCE_LIMITS.bytes), createWriteStream(temporary, { flags: 'wx' }));
    if (!begins(await headOf(temporary))) {
      throw new Failure('wrong-type', `The content is not ${type}.`, { status: 415 });
    }
    const now = clock.now();
    const { sha256, bytes } = await blobs.adopt(temporary, type, now);
    sqlite
      .prepare(
        `INSERT INTO evidence (id, device_id, type, bytes, sha256, received_at, taken_at, pixels_sha256)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(id, device, type, bytes, sha256, Math.round(now), taken(takenAt, now), pixels);
  } finally {
    await rm(temporary, { force: true });
  }
  changes.announce('picture', device);
  return 'kept';
}

const taken = (at: number | null, now: number): number | null =>
  at === null || at > now + MOST_AHEAD_MS ? null : Math.round(Math.min(at, now));

function atMost(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= limit) done(null, chunk);
      else done(new Failure('too-large', `Evidence may have ${limit} bytes.`, { status: 413 }));
    },
  });
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(12), 0, 12, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
