/** The CRC of Ogg: polynomial 0x04c11db7, nothing reflected, nothing inverted (RFC 3533). */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 0x80000000 ? (rest << 1) ^ 0x04c11db7 : rest << 1;
  return rest >>> 0;
});
function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (CRC[(crc >>> 24) ^ byte] ?? 0)) >>> 0;
  return crc;
}

const RATE = 48_000;
/** Of libopus in its longest mode, samples: a player leaves out so many at the beginning. */
const PRE_SKIP = 312;
/** A second of packets to a page, so that a player can find its way. */
const PAGE_MS = 1_000;
const FIRST = 2;
const LAST = 4;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** Opus packets of equal length, one channel, as a whole Ogg file (RFC 7845). @param frameMs length of each, ms. */
export function oggOf(packets: readonly Uint8Array[], frameMs: number): Blob {
  const samples = (frameMs * RATE) / 1_000;
  const serial = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const pages = [page([head()], 0, FIRST, serial, 0), page([tags()], 0, 0, serial, 1)];
  const perPage = Math.round(PAGE_MS / frameMs);
  for (let from = 0; from < packets.length; from += perPage) {
    const some = packets.slice(from, from + perPage);
    const end = from + some.length;
    const flags = end === packets.length ? LAST : 0;
    pages.push(page(some, end * samples, flags, serial, pages.length));
  }
  return new Blob(pages, { type: 'audio/ogg; codecs=opus' });
}

function head(): Uint8Array {
  const bytes = new Uint8Array(19);
  bytes.set(text('OpusHead'));
  const view = new DataView(bytes.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, 1);
  view.setUint16(10, PRE_SKIP, true);
  view.setUint32(12, RATE, true);
  return bytes;
}

function tags(): Uint8Array {
  const vendor = text('loa-phuong');
  const bytes = new Uint8Array(16 + vendor.length);
  bytes.set(text('OpusTags'));
  new DataView(bytes.buffer).setUint32(8, vendor.length, true);
  bytes.set(vendor, 12);
  return bytes;
}

/** @param samples heard by the end of this page. */
function page(
  packets: readonly Uint8Array[],
  samples: number,
  flags: number,
  serial: number,
  number: number,
): Uint8Array<ArrayBuffer> {
  const lacing: number[] = [];
  for (const { length } of packets) {
    for (let rest = length; rest >= 255; rest -= 255) lacing.push(255);
    lacing.push(length % 255);
  }
  const body = packets.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(27 + lacing.length + body);
  const view = new DataView(bytes.buffer);
  bytes.set(text('OggS'));
  view.setUint8(5, flags);
  view.setBigUint64(6, BigInt(Math.round(samples)), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, number, true);
  view.setUint8(26, lacing.length);
  bytes.set(lacing, 27);
  let at = 27 + lacing.length;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, crcOf(bytes), true);
  return bytes;
}
