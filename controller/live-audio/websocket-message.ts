/**
 * Messages of a server as bytes (RFC 6455 §5.2): whole, unmasked, not compressed. What goes to a thousand sockets is
 * made once and written to each as it is.
 */
const BINARY = 0x82;
const PING = 0x89;

/** @param payload shorter than 64 KiB. */
function message(opcode: number, payload: Uint8Array): Buffer {
  const short = payload.length < 126;
  const bytes = Buffer.allocUnsafe((short ? 2 : 4) + payload.length);
  bytes[0] = opcode;
  if (short) bytes[1] = payload.length;
  else {
    bytes[1] = 126;
    bytes.writeUInt16BE(payload.length, 2);
  }
  bytes.set(payload, short ? 2 : 4);
  return bytes;
}

export const binaryMessage = (payload: Uint8Array): Buffer => message(BINARY, payload);

/** A ping that carries a number; the pong brings it back. */
export function pingMessage(count: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(count >>> 0);
  return message(PING, payload);
}

/** The number that a pong brings back; null when it is not one of ours. */
export const pongCount = (payload: Buffer): number | null =>
  payload.length === 4 ? payload.readUInt32BE() : null;
