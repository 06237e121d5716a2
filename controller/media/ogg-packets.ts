const CAPTURE = Buffer.from('OggS');
const HEADER_BYTES = 27;

/**
 * Takes the packets out of one Ogg stream as it comes (RFC 3533), in any pieces. For what our own ffmpeg writes: one
 * logical stream, checksums not looked at.
 */
export class OggPackets {
  #rest: Buffer = Buffer.alloc(0);
  #open: Buffer[] = [];

  /** @returns the packets that became whole. @throws Error on what is no Ogg. */
  push(chunk: Buffer): Buffer[] {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const packets: Buffer[] = [];
    for (;;) {
      const page = pageOf(rest);
      if (page === null) break;
      rest = rest.subarray(page.bytes);
      let at = 0;
      for (const length of page.lacing) {
        this.#open.push(page.body.subarray(at, at + length));
        at += length;
        if (length === 255) continue;
        packets.push(Buffer.concat(this.#open));
        this.#open = [];
      }
    }
    this.#rest = Buffer.from(rest);
    return packets;
  }
}

function pageOf(bytes: Buffer): { bytes: number; lacing: Buffer; body: Buffer } | null {
  if (bytes.length < HEADER_BYTES) return null;
  if (!bytes.subarray(0, 4).equals(CAPTURE)) throw new Error('This is no Ogg page.');
  const segments = bytes[26] ?? 0;
  if (bytes.length < HEADER_BYTES + segments) return null;
  const lacing = bytes.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  const length = lacing.reduce((sum, part) => sum + part, 0);
  const end = HEADER_BYTES + segments + length;
  if (bytes.length < end) return null;
  return { bytes: end, lacing, body: bytes.subarray(HEADER_BYTES + segments, end) };
}
