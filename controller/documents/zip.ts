import { inflateRawSync } from 'node:zlib';
import { DocumentRefusal } from './refusal.ts';

/** Unpacked, all files together; the text of a thick book is 3 MB. Pictures are not unpacked, but counted. */
const MOST_UNPACKED = 150_000_000;
const MOST_XML = 40_000_000;
const MOST_FILES = 4_000;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly at: number;
}

/**
 * The directory of a zip file (APPNOTE 4.3), checked before anything is unpacked: its sizes are bounded, and every part
 * that will be read is unpacked once to see that its size is no lie.
 */
export class Zip {
  readonly #file: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(file: Buffer, entries: ReadonlyMap<string, Entry>) {
    this.#file = file;
    this.#entries = entries;
  }

  /** @throws DocumentRefusal `document-broken`, `document-bomb`, `document-encrypted`. */
  static open(file: Buffer): Zip {
    const entries = new Map<string, Entry>();
    try {
      const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
      if (end < 0 || file.readUInt32LE(end) !== END) throw new DocumentRefusal('document-broken');
      const count = file.readUInt16LE(end + 10);
      if (count > MOST_FILES) throw new DocumentRefusal('document-bomb');
      let at = file.readUInt32LE(end + 16);
      let total = 0;
      for (let index = 0; index < count; index += 1) {
        if (file.readUInt32LE(at) !== ENTRY) throw new DocumentRefusal('document-broken');
        if ((file.readUInt16LE(at + 8) & 1) !== 0) throw new DocumentRefusal('document-encrypted');
        const name = file.toString('utf8', at + 46, at + 46 + file.readUInt16LE(at + 28));
        const entry = {
          method: file.readUInt16LE(at + 10),
          packed: file.readUInt32LE(at + 20),
          unpacked: file.readUInt32LE(at + 24),
          at: file.readUInt32LE(at + 42),
        };
        total += entry.unpacked;
        if (total > MOST_UNPACKED) throw new DocumentRefusal('document-bomb');
        entries.set(name, entry);
        at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
      }
    } catch (error) {
      throw error instanceof DocumentRefusal ? error : new DocumentRefusal('document-broken', {}, error);
    }
    return new Zip(file, entries);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @returns null when there is none. @throws DocumentRefusal `document-broken`, `document-bomb`. */
  text(name: string): string | null {
    const entry = this.#entries.get(name);
    if (entry === undefined) return null;
    if (entry.unpacked > MOST_XML) throw new DocumentRefusal('document-bomb');
    try {
      if (this.#file.readUInt32LE(entry.at) !== LOCAL) throw new DocumentRefusal('document-broken');
      const start =
        entry.at + 30 + this.#file.readUInt16LE(entry.at + 26) + this.#file.readUInt16LE(entry.at + 28);
      const packed = this.#file.subarray(start, start + entry.packed);
      if (entry.method === 0) return packed.toString('utf8');
      return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.unpacked) }).toString('utf8');
    } catch (error) {
      if (error instanceof DocumentRefusal) throw error;
      const lies = error instanceof RangeError;
      throw new DocumentRefusal(lies ? 'document-bomb' : 'document-broken', {}, error);
    }
  }

  /** Unpacks every part of XML, so that none is larger than it says. */
  refuseLies(): void {
    let total = 0;
    for (const name of this.names) {
      if (!/\.(xml|rels)$/i.test(name)) continue;
      total += this.text(name)?.length ?? 0;
      if (total > MOST_XML) throw new DocumentRefusal('document-bomb');
    }
  }
}
