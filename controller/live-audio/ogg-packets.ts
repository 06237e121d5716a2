import { CONTINUED, readPage } from './ogg-page.ts';

/** Larger than any page, RFC 3533 §6. */
const MOST_WAITING = 65_307;
/** `OpusHead` and `OpusTags` come first, RFC 7845 §3. */
const HEADERS = 2;

/** Takes the Opus packets out of an Ogg stream as it comes: of a file, or from ffmpeg's standard output. */
export class OggPackets {
  #waiting: Buffer = Buffer.alloc(0);
  #begun: Buffer[] = [];
  #seen = 0;

  /** @returns the packets that have become whole, without the two headers. @throws Error when it is no Ogg. */
  feed(chunk: Uint8Array): Buffer[] {
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    const packets: Buffer[] = [];
    for (let page = readPage(this.#waiting); page !== null; page = readPage(this.#waiting)) {
      if (page === 'damaged') throw new Error('the stream is not Ogg, or was damaged');
      if ((page.flags & CONTINUED) === 0) this.#begun = [];
      for (const { bytes, whole } of page.pieces) {
        this.#begun.push(bytes);
        if (!whole) continue;
        const packet = Buffer.concat(this.#begun);
        this.#begun = [];
        this.#seen += 1;
        if (this.#seen > HEADERS && packet.length > 0) packets.push(packet);
      }
      this.#waiting = this.#waiting.subarray(page.bytes.length);
    }
    if (this.#waiting.length > MOST_WAITING) throw new Error('the stream is not Ogg');
    return packets;
  }
}
