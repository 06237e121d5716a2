import type { Block, Capture } from './capture.ts';
import { oggOf } from './ogg.ts';
import { RECORDED_VOICE, type Voice, voiceFor } from './voice.ts';
import { keepWatch } from './watchful.ts';
import { wavOf } from './wav.ts';

/** What was recorded and is not on the air yet. */
export interface Recording {
  readonly id: string;
  readonly at: number;
  readonly blob: Blob;
  readonly durationMs: number;
  /** Of each stretch of `PEAK_MS`, 0 to 1. */
  readonly peaks: readonly number[];
}

const PEAK_MS = 50;
/** Whatever is longer belongs into a file; samples that no encoder made smaller are many. */
const LONGEST_MS = { opus: 60 * 60_000, pcm: 10 * 60_000 } as const;

/** Records what a microphone hears, in the memory of this browser: no line is needed. */
export class Recorder {
  readonly #capture: Capture;
  readonly #full: () => void;
  readonly #packets: Uint8Array<ArrayBuffer>[] = [];
  readonly #peaks: number[] = [];
  #voice: Voice | null = null;
  #relax: (() => void) | null = null;
  #samples = 0;
  #startedAt = 0;
  #over = false;

  /** @param full is called when it is as long as it may be. */
  constructor(capture: Capture, full: () => void) {
    this.#capture = capture;
    this.#full = full;
  }

  get durationMs(): number {
    return (this.#samples / this.#capture.rate) * 1_000;
  }

  async start(): Promise<void> {
    const voice = await voiceFor(
      this.#capture.rate,
      RECORDED_VOICE,
      (packet) => void this.#packets.push(packet),
      () => this.#full(),
    );
    if (this.#over) {
      voice.close();
      return;
    }
    this.#voice = voice;
    this.#startedAt = Date.now();
    this.#relax = keepWatch();
    this.#capture.listener = (block) => this.#heard(block);
  }

  /** @returns null when nothing was recorded. */
  async finish(): Promise<Recording | null> {
    const voice = this.#voice;
    this.#over = true;
    this.#capture.listener = null;
    this.#relax?.();
    if (voice === null) return null;
    await voice.flush();
    voice.close();
    if (this.#packets.length === 0) return null;
    return {
      id: crypto.randomUUID(),
      at: this.#startedAt,
      blob:
        voice.codec === 'opus' ? oggOf(this.#packets, voice.frameMs) : wavOf(this.#packets, voice.sampleRate),
      durationMs: this.durationMs,
      peaks: this.#peaks,
    };
  }

  #heard(block: Block): void {
    const voice = this.#voice;
    if (voice === null) return;
    const slot = Math.floor(this.durationMs / PEAK_MS);
    let highest = this.#peaks[slot] ?? 0;
    for (const sample of block) highest = Math.max(highest, Math.abs(sample));
    this.#peaks[slot] = highest;
    this.#samples += block.length;
    voice.encode(block);
    if (this.durationMs >= LONGEST_MS[voice.codec]) this.#full();
  }
}
