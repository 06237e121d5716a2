/**
 * Live sound on its way to the devices: one message of the WebSocket `/device/v1/live/{broadcast}` is one frame. The
 * controller encodes and signs it once and sends the same bytes to everybody. All integers are big-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 1 | version, 1 |
 * | 1 | flags: bit 0 the last frame (it may have no packets) |
 * | 4 | sequence number, from 0, one by one |
 * | 8 | when its first sample is to be heard, ms since the epoch, IEEE 754 binary64 |
 * | 1 | number of Opus packets, 0–6 |
 * | 2 + n each | length of a packet, then the packet (RFC 6716), 48 kHz, one channel |
 * | 64 | Ed25519 signature under the controller's key, of `loa-live/1\n{broadcast}\n` and all bytes before it |
 *
 * A frame whose time is past is dropped, never queued. Frames whose times follow one another within a millisecond are
 * one sound: the difference is a clock's and is made up sample by sample.
 */
export interface LiveFrame {
  readonly seq: number;
  readonly heardAt: number;
  readonly last: boolean;
  readonly packets: readonly Uint8Array[];
}

export const LIVE_SIGNATURE_BYTES = 64;
/** 120 ms of Opus at the highest rate, and what is around it. */
export const MAX_LIVE_FRAME_BYTES = 8_192;
/** Live sound is a lease: a device that gets no frame for so long ends it by itself. */
export const LIVE_LEASE_MS = 5_000;

const HEADER = 15;
const MOST_PACKETS = 6;

/** All of a frame but the signature. */
export function encodeLiveFrame({ seq, heardAt, last, packets }: LiveFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER + packets.reduce((sum, { length }) => sum + 2 + length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, last ? 1 : 0);
  view.setUint32(2, seq);
  view.setFloat64(6, heardAt);
  view.setUint8(14, packets.length);
  let at = HEADER;
  for (const packet of packets) {
    view.setUint16(at, packet.length);
    bytes.set(packet, at + 2);
    at += 2 + packet.length;
  }
  return bytes;
}

/** What is signed: the frame's own bytes, bound to its broadcast, so that no frame serves for another. */
export function liveSignedBytes(broadcast: string, frame: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(`loa-live/1\n${broadcast}\n`);
  const bytes = new Uint8Array(prefix.length + frame.length);
  bytes.set(prefix);
  bytes.set(frame, prefix.length);
  return bytes;
}

/** A message as it came: the frame's bytes and its signature; null when it is too short or too long to be one. */
export function splitLiveMessage(message: Uint8Array): { frame: Uint8Array; signature: Uint8Array } | null {
  const end = message.length - LIVE_SIGNATURE_BYTES;
  if (end < HEADER || message.length > MAX_LIVE_FRAME_BYTES) return null;
  return { frame: message.subarray(0, end), signature: message.subarray(end) };
}

/** Reads the bytes of a frame, after its signature was found good; null when they are none. */
export function decodeLiveFrame(bytes: Uint8Array): LiveFrame | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint8(0) !== 1) return null;
  const count = view.getUint8(14);
  const heardAt = view.getFloat64(6);
  if (count > MOST_PACKETS || !(heardAt >= 0 && heardAt <= 8.64e15)) return null;
  const packets: Uint8Array[] = [];
  let at = HEADER;
  for (let index = 0; index < count; index += 1) {
    if (at + 2 > bytes.length) return null;
    const length = view.getUint16(at);
    if (length === 0 || at + 2 + length > bytes.length) return null;
    packets.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (at !== bytes.length) return null;
  return { seq: view.getUint32(2), heardAt, last: (view.getUint8(1) & 1) === 1, packets };
}
