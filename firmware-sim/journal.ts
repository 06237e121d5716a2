import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { mayRemove, mayWrite } from './disk-fault.ts';
import { isMissing, remove, syncDirectory, writeWhole } from './whole-file.ts';

/** Lines that wait in memory for a disk that takes nothing. */
const MOST_WAITING = 5_000;

/**
 * A file that only grows, a JSON value a line. A line is there whole or not at all: what a power cut left torn at the
 * end is cut off when it is opened. What the disk does not take waits in memory, in order, and is written as soon as
 * the disk takes something again.
 */
export class Journal<S extends z.ZodType> {
  readonly #path: string;
  readonly #schema: S;
  readonly #onTrouble: (error: unknown) => void;
  #file: FileHandle | null = null;
  /** Up to here the file is whole. */
  #length = 0;
  #torn = false;
  #waiting: { readonly line: Buffer; readonly durable: boolean }[] = [];

  constructor(path: string, schema: S, onTrouble: (error: unknown) => void) {
    this.#path = path;
    this.#schema = schema;
    this.#onTrouble = onTrouble;
  }

  /** How much the file holds. */
  get bytes(): number {
    return this.#length;
  }

  /** Whether all that was told is on the disk. */
  get whole(): boolean {
    return this.#waiting.length === 0;
  }

  /** What it holds; null when there is no such file. Lines that fit no schema are left out. */
  async read(): Promise<z.infer<S>[] | null> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#path);
    } catch (error) {
      if (isMissing(error)) return null;
      throw new Error(`cannot read ${this.#path}`, { cause: error });
    }
    this.#length = bytes.lastIndexOf(0x0a) + 1;
    this.#torn = this.#length < bytes.length;
    const entries: z.infer<S>[] = [];
    for (const line of bytes.subarray(0, this.#length).toString('utf8').split('\n')) {
      const read = line === '' ? null : this.#schema.safeParse(parse(line));
      if (read?.success === true) entries.push(read.data);
    }
    return entries;
  }

  /**
   * Adds an entry. Not to be called again before it has resolved.
   * @param options `durable`: survives a power cut, not only the end of the program; `keep`: worth waiting in memory.
   * @returns whether it is on the disk.
   */
  async append(entry: z.infer<S>, options: { durable?: boolean; keep?: boolean } = {}): Promise<boolean> {
    const { durable = true, keep = true } = options;
    if (!keep && this.#waiting.length > 0) return false;
    this.#waiting.push({ line: Buffer.from(`${JSON.stringify(entry)}\n`), durable });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    const done = await this.flush();
    if (!done && !keep) this.#waiting.pop();
    return done;
  }

  /** Tries to write what waits. @returns whether nothing waits any more. */
  async flush(): Promise<boolean> {
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        await this.#write(next.line, next.durable);
        this.#waiting.shift();
      }
      return true;
    } catch (error) {
      this.#onTrouble(error);
      return false;
    }
  }

  /** From now on it holds these and no others; atomic. @throws when the disk does not take them. */
  async rewrite(entries: readonly z.infer<S>[]): Promise<void> {
    await this.close();
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    if (text === '') await remove(this.#path);
    else await writeWhole(this.#path, text);
    this.#length = Buffer.byteLength(text);
    this.#torn = false;
    this.#waiting = [];
  }

  /** From now on it holds nothing; works on a full disk too. @throws on a read-only one. */
  async empty(): Promise<void> {
    this.#waiting = [];
    if (this.#length === 0 && !this.#torn) return;
    mayRemove(this.#path);
    const file = await this.#open();
    await file.truncate(0);
    await file.datasync();
    this.#length = 0;
    this.#torn = false;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #write(line: Buffer, durable: boolean): Promise<void> {
    mayWrite(this.#path);
    const file = await this.#open();
    if (this.#torn) await file.truncate(this.#length);
    // If this fails in the middle, what it left behind is not of the file.
    this.#torn = true;
    for (let at = 0; at < line.length; ) {
      at += (await file.write(line, at, line.length - at, this.#length + at)).bytesWritten;
    }
    if (durable) await file.datasync();
    this.#torn = false;
    this.#length += line.length;
  }

  async #open(): Promise<FileHandle> {
    if (this.#file !== null) return this.#file;
    const fresh = this.#length === 0;
    this.#file = await open(this.#path, constants.O_RDWR | constants.O_CREAT, 0o644);
    if (fresh) await syncDirectory(dirname(this.#path));
    return this.#file;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
