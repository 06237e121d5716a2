import type { Decoder, OpenDecoder } from './decoder.ts';
import { RATE } from './sound-card.ts';

/** How much sound a second of decoding yields; for whoever slows a device down on purpose. */
export class DecoderBrake {
  /** Seconds of sound a second; infinite while nothing holds it back. */
  factor = Number.POSITIVE_INFINITY;
}

/** The same decoder on a processor that is too slow, or that something else keeps busy. */
export const slowed =
  (open: OpenDecoder, brake: DecoderBrake): OpenDecoder =>
  (source) =>
    new SlowDecoder(open(source), brake);

class SlowDecoder implements Decoder {
  readonly #decoder: Decoder;
  readonly #brake: DecoderBrake;
  #at = performance.now();
  #allowed = 0;

  constructor(decoder: Decoder, brake: DecoderBrake) {
    this.#decoder = decoder;
    this.#brake = brake;
  }

  get ended(): boolean {
    return this.#decoder.ended;
  }

  get failure(): string | null {
    return this.#decoder.failure;
  }

  take(frames: number): Int16Array {
    const { factor } = this.#brake;
    const now = performance.now();
    const since = (now - this.#at) / 1_000;
    this.#at = now;
    if (factor === Number.POSITIVE_INFINITY) return this.#decoder.take(frames);
    this.#allowed = Math.min(RATE, this.#allowed + since * factor * RATE);
    const samples = this.#decoder.take(Math.min(frames, Math.floor(this.#allowed)));
    this.#allowed -= samples.length;
    return samples;
  }

  close(): void {
    this.#decoder.close();
  }
}
