import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mayReceive } from './cable.ts';
import { Deadline } from './deadline.ts';
import { mayWrite } from './disk-fault.ts';
import { isMissing, syncDirectory } from './whole-file.ts';

export interface Wanted {
  readonly url: string;
  readonly bearer: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Where the whole file goes; the unfinished one lies beside it as `.part`. */
  readonly path: string;
  readonly onBytes?: (count: number) => void;
}

/** The bytes that came are not the ones that were named. Nothing of them is kept. */
export class WrongContent extends Error {}

/** The controller says that it has no such file. It may have it later. */
export class NotThere extends Error {}

/** Without a byte for this long a connection is dead. */
const STALL_MS = 30_000;

/**
 * Fetches a file that is named by its hash: resumes at what an earlier try left, verifies length and hash, and
 * only then gives it its name. What lies (too long, wrong hash) is thrown away and reported by {@link WrongContent}.
 */
export async function download(wanted: Wanted, signal: AbortSignal): Promise<void> {
  const part = `${wanted.path}.part`;
  let have = await sizeOf(part);
  if (have > wanted.bytes) {
    await rm(part, { force: true });
    have = 0;
  }
  if (have < wanted.bytes) await receive(wanted, part, have, signal);
  if ((await sizeOf(part)) !== wanted.bytes || (await hashOf(part)) !== wanted.sha256) {
    await rm(part, { force: true });
    throw new WrongContent(
      `${wanted.url} gave other bytes than its name says; thrown away, to be fetched again`,
    );
  }
  mayWrite(wanted.path);
  await rename(part, wanted.path);
  await syncDirectory(dirname(wanted.path));
}

async function receive(wanted: Wanted, part: string, have: number, signal: AbortSignal): Promise<void> {
  mayReceive(part);
  const deadline = new Deadline(signal, STALL_MS, wanted.url);
  const headers: Record<string, string> = {
    authorization: `Bearer ${wanted.bearer}`,
    // Positions and lengths are of the file itself.
    'accept-encoding': 'identity',
  };
  if (have > 0) headers.range = `bytes=${have}-`;
  try {
    const response = await deadline.within(fetch(wanted.url, { headers, signal: deadline.signal }));
    const from = startOf(response, have);
    if (from === null || response.body === null) {
      await response.body?.cancel();
      if (response.status === 416) await rm(part, { force: true });
      const Failure = response.status === 404 || response.status === 410 ? NotThere : Error;
      throw new Failure(`${wanted.url} answered ${response.status}`);
    }
    const told = response.headers.get('content-length');
    if (told !== null && Number(told) !== wanted.bytes - from) {
      // A page that asks to sign in, an error that calls itself a success: not worth writing down.
      await response.body.cancel();
      throw new WrongContent(`${wanted.url} is ${told} bytes long from ${from}, not ${wanted.bytes - from}`);
    }
    await store(wanted, part, from, response.body.getReader(), deadline);
  } finally {
    deadline.end();
  }
}

async function store(
  wanted: Wanted,
  part: string,
  from: number,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  deadline: Deadline,
): Promise<void> {
  mayWrite(part);
  const file = await open(part, from === 0 ? 'w' : 'a');
  try {
    let size = from;
    for (;;) {
      const { done, value: chunk } = await deadline.within(reader.read());
      if (done) break;
      deadline.renew();
      mayReceive(part);
      mayWrite(part);
      size += chunk.length;
      if (size > wanted.bytes) {
        await rm(part, { force: true });
        throw new WrongContent(`${wanted.url} is longer than the ${wanted.bytes} bytes of its name`);
      }
      await writeAll(file, chunk);
      wanted.onBytes?.(chunk.length);
    }
    await file.sync();
    if (size < wanted.bytes) throw new Error(`${wanted.url} broke off at ${size} of ${wanted.bytes} bytes`);
  } finally {
    // Not awaited: a connection that is dead may never answer that either.
    reader.cancel().catch(() => undefined);
    await file.close();
  }
}

/** Where the answer begins in the file: a server without Range starts over at 0; null for no content. */
function startOf(response: Response, have: number): number | null {
  if (response.status === 200) return 0;
  if (response.status !== 206) return null;
  const begin = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  return begin !== undefined && Number(begin) === have ? have : null;
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** SHA-256 of a file, lower-case hexadecimal. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
