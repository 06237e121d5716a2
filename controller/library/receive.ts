import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FILES } from '../media/commands.ts';
import { Refusal } from '../media/refusal.ts';
import type { Workplace } from './workplace.ts';

/** No byte for so long: the sender is gone, even if its connection does not know. */
const STALL_MS = 60_000;
/** How often the disk is asked for its room, in bytes received. */
const LOOK_BYTES = 32 * 1024 * 1024;

export interface Reception {
  /** As the sender announced; undefined when it did not. */
  readonly expectedBytes: number | undefined;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (ratio: number) => void;
}

export interface Received {
  readonly bytes: number;
  readonly sha256: string;
}

/** Before a byte is read: what is announced as too much, or has no room, is refused. @throws Refusal. */
export async function refuseAnnounced(
  workplace: Workplace,
  { expectedBytes = 0, mostBytes }: Pick<Reception, 'expectedBytes' | 'mostBytes'>,
): Promise<void> {
  if (expectedBytes > mostBytes) throw tooLarge(mostBytes);
  // The renditions together are never larger than an hour of 144 kbit/s per hour; their share is small.
  if (expectedBytes * 1.5 > (await workplace.room())) throw new Refusal('no-space');
}

const tooLarge = (mostBytes: number): Refusal =>
  new Refusal('too-large', { megabytes: Math.round(mostBytes / 1_000_000) });

/**
 * Writes a stream to `source` in a directory, as it comes, in constant memory.
 * @throws Refusal `too-large`, `no-space`, `empty` or `interrupted`; the signal's reason. What was written by then is
 *   the caller's to remove.
 */
export async function receive(
  stream: Readable,
  directory: string,
  workplace: Workplace,
  reception: Reception,
): Promise<Received> {
  const { expectedBytes, mostBytes, signal, onProgress } = reception;
  const hash = createHash('sha256');
  const stalled = new AbortController();
  const stall = setTimeout(() => stalled.abort(new Refusal('interrupted')), STALL_MS);
  let bytes = 0;
  let looked = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      stall.refresh();
      bytes += chunk.length;
      if (bytes > mostBytes) return pass(tooLarge(mostBytes));
      hash.update(chunk);
      if (expectedBytes !== undefined && expectedBytes > 0) onProgress(Math.min(1, bytes / expectedBytes));
      if (bytes - looked < LOOK_BYTES) return pass(null, chunk);
      looked = bytes;
      workplace.room().then(
        (room) => (room > 0 ? pass(null, chunk) : pass(new Refusal('no-space'))),
        (error: Error) => pass(error),
      );
    },
  });
  try {
    await pipeline(
      stream,
      meter,
      createWriteStream(path.join(directory, FILES.source), { flags: 'wx', flush: true }),
      {
        signal: AbortSignal.any([signal, stalled.signal]),
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    stalled.signal.throwIfAborted();
    throw explained(error);
  } finally {
    clearTimeout(stall);
  }
  if (bytes === 0) throw new Refusal('empty');
  if (expectedBytes !== undefined && bytes !== expectedBytes) throw new Refusal('interrupted');
  return { bytes, sha256: hash.digest('hex') };
}

function explained(error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return new Refusal('no-space', {}, error);
  if (
    error.code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    error.code === 'ECONNRESET' ||
    error.code === 'ABORT_ERR'
  ) {
    return new Refusal('interrupted', {}, error);
  }
  return error;
}
