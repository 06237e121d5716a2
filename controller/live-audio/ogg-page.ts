/** Ogg (RFC 3533) with Opus in it (RFC 7845): the little of it that a recording needs. */
export const CONTINUED = 1;
export const FIRST = 2;
export const LAST = 4;
const HEADER = 27;
const MOST_SEGMENTS = 255;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let remainder = index << 24;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 0x80000000 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  }
  return remainder >>> 0;
});

/** RFC 3533 §6, field 7: as Ethernet's polynomial, but neither reflected nor inverted. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return crc;
}

export interface Page {
  readonly flags: number;
  /** Samples of 48 kHz at the end of the page, those that are skipped at the start included. */
  readonly granule: number;
  readonly serial: number;
  readonly sequence: number;
  readonly packets: readonly Uint8Array[];
}

const segmentsOf = (packet: Uint8Array): number => Math.floor(packet.length / 255) + 1;

/** Whether another packet has room on the page. */
export const hasRoom = (packets: readonly Uint8Array[], next: Uint8Array): boolean =>
  packets.reduce((sum, packet) => sum + segmentsOf(packet), segmentsOf(next)) <= MOST_SEGMENTS;

export function pageBytes({ flags, granule, serial, sequence, packets }: Page): Buffer {
  const lacing = packets.flatMap((packet) => [
    ...new Array<number>(segmentsOf(packet) - 1).fill(255),
    packet.length % 255,
  ]);
  const header = Buffer.alloc(HEADER + lacing.length);
  header.write('OggS', 0, 'latin1');
  header[5] = flags;
  header.writeBigInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial >>> 0, 14);
  header.writeUInt32LE(sequence >>> 0, 18);
  header[26] = lacing.length;
  header.set(lacing, HEADER);
  return sealed(Buffer.concat([header, ...packets]));
}

/** With other flags: for the last page of a recording that nobody ended. */
export function withFlags(page: Uint8Array, flags: number): Buffer {
  const bytes = Buffer.from(page);
  bytes[5] = flags;
  return sealed(bytes);
}

function sealed(page: Buffer): Buffer {
  page.writeUInt32LE(0, 22);
  page.writeUInt32LE(crcOf(page), 22);
  return page;
}

export interface ReadPage {
  readonly bytes: Buffer;
  readonly flags: number;
  readonly granule: number;
  /** Each with whether it ends on this page. */
  readonly pieces: readonly { readonly bytes: Buffer; readonly whole: boolean }[];
}

/** The page at the beginning of the bytes; null when it is not all there; `damaged` when it is none. */
export function readPage(bytes: Buffer): ReadPage | null | 'damaged' {
  if (bytes.length < HEADER) return null;
  if (bytes.toString('latin1', 0, 4) !== 'OggS') return 'damaged';
  const segments = bytes[26] ?? 0;
  if (bytes.length < HEADER + segments) return null;
  const lacing = bytes.subarray(HEADER, HEADER + segments);
  const length = HEADER + segments + lacing.reduce((sum, each) => sum + each, 0);
  if (bytes.length < length) return null;
  const page = bytes.subarray(0, length);
  if (sealed(Buffer.from(page)).readUInt32LE(22) !== page.readUInt32LE(22)) return 'damaged';
  const pieces: { bytes: Buffer; whole: boolean }[] = [];
  let start = HEADER + segments;
  let end = start;
  for (const [index, each] of lacing.entries()) {
    end += each;
    if (each === 255 && index < segments - 1) continue;
    pieces.push({ bytes: page.subarray(start, end), whole: each < 255 });
    start = end;
  }
  return { bytes: page, flags: page[5] ?? 0, granule: Number(page.readBigInt64LE(6)), pieces };
}
