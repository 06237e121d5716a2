import type { OpusDecoder } from 'opus-decoder';
import { framesOf } from '../speaker/sound-card.ts';
import { lengthOf } from './opus-packet.ts';

/** Turns the packets of one stream into samples, in their order. */
export interface Unpacker {
  /** 48 kHz, one channel, 16 bits; empty for what is no Opus. */
  decode(packet: Uint8Array): Int16Array;
  /** What may have sounded instead of packets that did not come. */
  conceal(): Int16Array;
  close(): void;
}

/** The decoder is a megabyte of code and seven of memory: it is loaded by who listens. */
export async function opusUnpacker(): Promise<Unpacker> {
  const opus = await import('opus-decoder');
  const decoder = new opus.OpusDecoder({ channels: 1 });
  await decoder.ready;
  return new OpusUnpacker(decoder);
}

class OpusUnpacker implements Unpacker {
  readonly #decoder: OpusDecoder;

  constructor(decoder: OpusDecoder) {
    this.#decoder = decoder;
  }

  decode(packet: Uint8Array): Int16Array {
    const { channelData } = this.#decoder.decodeFrame(packet);
    const samples = new Int16Array(channelData[0]?.length ?? 0);
    channelData[0]?.forEach((sample, index) => {
      samples[index] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
    });
    return samples;
  }

  /** A packet without bytes is a lost one (RFC 6716, 4.4): 120 ms of what the decoder expects. */
  conceal(): Int16Array {
    return this.decode(new Uint8Array(0));
  }

  close(): void {
    this.#decoder.free();
  }
}

/** For fleets: the right number of samples, without the work. They are silence. */
export const silentUnpacker: Unpacker = {
  decode: (packet) => new Int16Array(framesOf(lengthOf(packet))),
  conceal: () => new Int16Array(0),
  close: () => undefined,
};
