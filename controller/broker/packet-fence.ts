import type { Duplex } from 'node:stream';
import { steadyClock } from './steady-clock.ts';

/** Packets of a connection may be this long now: short before the sign-in, the contract's limit after. */
export interface Fence {
  maxBytes: number;
  /** When the bytes that are being handled came in, epoch ms by {@link steadyClock}. */
  arrivedAt: number;
}

/**
 * Watches the length that each packet announces in its fixed header (MQTT 3.1.1 §2.2), and ends the connection before
 * an overlong one is gathered in memory; aedes itself would take up to 256 MB. It sits on `read`, the one door through
 * which aedes takes bytes.
 */
export function fence(connection: Duplex, maxBytes: number, tooLong: (bytes: number) => void): Fence {
  const state: Fence = { maxBytes, arrivedAt: 0 };
  const framing = new Framing();
  const read = connection.read.bind(connection);
  connection.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array)) return chunk;
    state.arrivedAt = steadyClock.now();
    const longest = framing.longest(chunk);
    if (longest <= state.maxBytes) return chunk;
    tooLong(longest);
    connection.destroy(new Error(`a packet of ${longest} bytes; at most ${state.maxBytes} are taken`));
    return null;
  };
  return state;
}

/** Where packets begin in a stream of bytes, across chunks. */
class Framing {
  #body = 0;
  #length = 0;
  #shift = 0;
  #inHeader = false;

  /** The longest packet that is announced or continued in this chunk. */
  longest(chunk: Uint8Array): number {
    let longest = 0;
    for (let at = 0; at < chunk.length; ) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, chunk.length - at);
        this.#body -= taken;
        at += taken;
        continue;
      }
      if (!this.#inHeader) {
        this.#inHeader = true;
        this.#length = 0;
        this.#shift = 0;
        at += 1;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      // Four bytes of seven bits; a fifth one is malformed, and aedes ends the connection for it.
      this.#length += (byte & 0x7f) * 2 ** this.#shift;
      this.#shift += 7;
      if ((byte & 0x80) === 0 || this.#shift > 28) {
        this.#inHeader = false;
        this.#body = this.#length;
        longest = Math.max(longest, this.#length);
      }
    }
    return longest;
  }
}
