import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import { FIRST, hasRoom, LAST, pageBytes, readPage, withFlags } from './ogg-page.ts';
import { opusDurationMs } from './opus-packet.ts';

/** A page for each second: what a crash can take. */
const PAGE_MS = 1_000;
/** Beyond so many pages the disk has stood still for minutes; what was written by then is kept. */
const MOST_WAITING_PAGES = 300;
const SAMPLES_PER_MS = 48;

const HEAD = Buffer.from('OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0', 'latin1');
const TAGS = Buffer.from('OpusTags\x03\0\0\0Loa\0\0\0\0', 'latin1');

/**
 * Writes what is said into an Ogg Opus file as it is said. After a crash the file holds everything up to the last
 * second; {@link mendRecording} makes it whole.
 */
export class Recorder {
  readonly #file: FileHandle;
  readonly #serial: number;
  #sequence = 0;
  #ms = 0;
  #page: Uint8Array[] = [];
  #pageMs = 0;
  #waiting = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #failure: unknown = null;

  private constructor(file: FileHandle, serial: number) {
    this.#file = file;
    this.#serial = serial;
    this.#put(FIRST, [HEAD]);
    this.#put(0, [TAGS]);
  }

  /** @throws when the file cannot be made, or is there. */
  static async open(file: string): Promise<Recorder> {
    return new Recorder(await open(file, 'wx'), (Math.random() * 2 ** 32) >>> 0);
  }

  /** Milliseconds taken so far. */
  get durationMs(): number {
    return this.#ms;
  }

  /** Null while all is well. */
  get failure(): unknown {
    return this.#failure;
  }

  take(packet: Uint8Array): void {
    const ms = opusDurationMs(packet) ?? 0;
    if (this.#pageMs >= PAGE_MS || !hasRoom(this.#page, packet)) this.#turn(0);
    this.#page.push(packet);
    this.#pageMs += ms;
    this.#ms += ms;
  }

  /** Ends the file and makes it survive a power cut. @throws what kept it from being written. */
  async finish(): Promise<void> {
    this.#turn(LAST);
    await this.#writing;
    try {
      if (this.#failure !== null) throw this.#failure;
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }

  #turn(flags: number): void {
    this.#put(flags, this.#page);
    this.#page = [];
    this.#pageMs = 0;
  }

  #put(flags: number, packets: readonly Uint8Array[]): void {
    if (this.#failure !== null) return;
    if (this.#waiting >= MOST_WAITING_PAGES) {
      this.#failure = new Error('the disk does not keep up with a recording');
      return;
    }
    const granule = Math.round(this.#ms * SAMPLES_PER_MS);
    const page = pageBytes({ flags, granule, serial: this.#serial, sequence: this.#sequence, packets });
    this.#sequence += 1;
    this.#waiting += 1;
    this.#writing = this.#writing
      .then(() => this.#file.appendFile(page))
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#waiting -= 1;
      });
  }
}

/**
 * Makes a recording whole that a crash interrupted: cuts off what is not a whole page, and marks the last page as such.
 * @returns its length, ms; 0 when there is nothing in it.
 */
export async function mendRecording(file: string): Promise<number> {
  const bytes = await readFile(file);
  let at = 0;
  let last = { at: 0, granule: 0, flags: 0 };
  for (let page = readPage(bytes); page !== null && page !== 'damaged'; page = readPage(bytes.subarray(at))) {
    last = { at, granule: page.granule, flags: page.flags };
    at += page.bytes.length;
  }
  if (at === 0) return 0;
  await truncate(file, at);
  if ((last.flags & LAST) === 0) {
    const handle = await open(file, 'r+');
    try {
      const page = withFlags(bytes.subarray(last.at, at), last.flags | LAST);
      await handle.write(page, 0, page.length, last.at);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  return last.granule / SAMPLES_PER_MS;
}
