import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../failure.ts';

/** No byte for so long: the sender is gone, even if its connection does not know. */
const STALL_MS = 60_000;
/** Kept free for the database, whose log must always have room. */
const RESERVE_BYTES = 64 * 1024 * 1024;
const UNFINISHED = '.incoming-';

export interface StoredImage {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Firmware images as files, named by their SHA-256, in a directory that holds nothing else. They are kept apart from the
 * blobs on purpose: nothing that a plan can name is here, and nothing that is here can be served as content.
 */
export class ImageStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = path.resolve(root);
  }

  /** Where an image is. The name must be a checked SHA-256: it becomes part of a path. */
  path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`${JSON.stringify(sha256)} is not a SHA-256`);
    return path.join(this.#root, sha256);
  }

  /** Clears away what an upload left that was cut off, and images that nothing refers to any more. */
  async tidy(referred: (sha256: string) => boolean): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    for (const name of await readdir(this.#root)) {
      if (!referred(name)) await rm(path.join(this.#root, name), { force: true });
    }
  }

  /**
   * Takes in a stream, hashing while it writes, in constant memory. The image appears whole or not at all.
   * @param limits `expectedBytes` as the sender announced; undefined when it did not.
   * @throws Failure `firmware-too-large` 413, `firmware-empty` 400, `no-space` 507, `upload-interrupted` 400.
   */
  async receive(
    stream: Readable,
    limits: { readonly expectedBytes: number | undefined; readonly mostBytes: number },
  ): Promise<StoredImage> {
    const { expectedBytes, mostBytes } = limits;
    await mkdir(this.#root, { recursive: true });
    if ((expectedBytes ?? 0) > mostBytes) throw tooLarge(mostBytes);
    const { bavail, bsize } = await statfs(this.#root);
    if ((expectedBytes ?? 0) > bavail * bsize - RESERVE_BYTES) throw noSpace();
    const temporary = path.join(this.#root, `${UNFINISHED}${crypto.randomUUID()}`);
    try {
      const stored = await write(stream, temporary, mostBytes);
      if (stored.bytes === 0) throw new Failure('firmware-empty', 'The file is empty; choose another.');
      if (expectedBytes !== undefined && stored.bytes !== expectedBytes) throw interrupted();
      await rename(temporary, this.path(stored.sha256));
      await flushDirectory(this.#root);
      return stored;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Whether the file still has the bytes of its name. */
  async isWhole(sha256: string): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(this.path(sha256)), hash);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    }
    return hash.digest('hex') === sha256;
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true });
  }
}

async function write(stream: Readable, file: string, mostBytes: number): Promise<StoredImage> {
  const hash = createHash('sha256');
  const stalled = new AbortController();
  const stall = setTimeout(() => stalled.abort(interrupted()), STALL_MS);
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      stall.refresh();
      bytes += chunk.length;
      if (bytes > mostBytes) return pass(tooLarge(mostBytes));
      hash.update(chunk);
      pass(null, chunk);
    },
  });
  try {
    const target = createWriteStream(file, { flags: 'wx', flush: true });
    await pipeline(stream, meter, target, { signal: stalled.signal });
  } catch (error) {
    stalled.signal.throwIfAborted();
    throw explained(error);
  } finally {
    clearTimeout(stall);
  }
  return { sha256: hash.digest('hex'), bytes };
}

function explained(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return noSpace(error);
  if (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET') return interrupted(error);
  return error;
}

function tooLarge(mostBytes: number): Failure {
  const megabytes = Math.round(mostBytes / 1_000_000);
  return new Failure(
    'firmware-too-large',
    `An image may have ${megabytes} MB; raise LOA_FIRMWARE_MAX_MB if the devices have room for more.`,
    { status: 413, params: { megabytes } },
  );
}

const noSpace = (cause?: unknown): Failure =>
  new Failure(
    'no-space',
    'The disk of the controller has no room for the image; remove what is not needed.',
    {
      status: 507,
      cause,
    },
  );

const interrupted = (cause?: unknown): Failure =>
  new Failure('upload-interrupted', 'The upload broke off; nothing of it was kept. Send it again.', {
    cause,
  });

async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
