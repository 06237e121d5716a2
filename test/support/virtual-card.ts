import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const RATE = 48_000;

/** The part of the sound that a virtual card played without a break. */
interface Run {
  /** When its first frame left, by the machine's monotonic clock, ms. */
  readonly startMs: number;
  readonly firstFrame: number;
  readonly rate: number;
}

/** Writes the configuration by which ALSA finds the virtual cards. @param library the folder with their plugin. */
export async function virtualCards(library: string, folder: string): Promise<string> {
  const path = join(folder, 'asound.conf');
  const plugin = join(library, 'libasound_module_pcm_vcard.so');
  await writeFile(path, `pcm_type.vcard { lib "${plugin}" }\npcm.vcard { type vcard }\n`);
  return path;
}

/** What left one virtual card: a sound card whose output runs by a known clock and is written down. */
export class VirtualCard {
  readonly env: Readonly<Record<string, string>>;
  readonly ppm: number;
  readonly #path: string;
  #runs: Run[] = [];
  /** The left channel. */
  samples = new Int16Array(0);
  /** When it ran dry, by the machine's monotonic clock, ms. */
  dryAt: number[] = [];

  /** @param path without an ending; @param ppm how much its crystal runs fast. */
  constructor(config: string, path: string, ppm: number) {
    this.#path = path;
    this.ppm = ppm;
    this.env = { ALSA_CONFIG_PATH: config, VCARD_OUT: path, VCARD_PPM: String(ppm) };
  }

  /** Reads what was written; only after the device has closed it. */
  async read(): Promise<void> {
    const bytes = await readFile(`${this.#path}.pcm`);
    const both = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4) * 2);
    this.samples = both.filter((_, index) => index % 2 === 0);
    const lines = (await readFile(`${this.#path}.seg`, 'utf8')).split('\n').map((line) => line.split(' '));
    this.#runs = lines
      .filter(([kind]) => kind === 'S')
      .map(([, ns, frame, rate]) => ({
        startMs: Number(ns) / 1e6,
        firstFrame: Number(frame),
        rate: Number(rate),
      }));
    // It says so each time that it is asked; what follows at once is the same.
    this.dryAt = lines
      .filter(([kind]) => kind === 'X')
      .map(([, ns]) => Number(ns) / 1e6)
      .filter((ms, index, all) => ms - (all[index - 1] ?? 0) > 100);
  }

  /** When a frame (with a fraction) left, by the machine's monotonic clock, ms. */
  momentOf(frame: number): number {
    const run = this.#runs.findLast(({ firstFrame }) => firstFrame <= frame) ?? this.#runs[0];
    if (run === undefined) throw new Error('nothing was played on the virtual card');
    return run.startMs + ((frame - run.firstFrame) * 1000) / run.rate;
  }

  /** The frame that left at a moment. */
  frameAt(ms: number): number {
    const run = this.#runs.findLast(({ startMs }) => startMs <= ms) ?? this.#runs[0];
    if (run === undefined) throw new Error('nothing was played on the virtual card');
    return run.firstFrame + ((ms - run.startMs) * run.rate) / 1000;
  }

  /** Where the sound begins: the first frame that is louder than a murmur. */
  get firstSound(): number {
    return this.samples.findIndex((sample) => Math.abs(sample) > 300);
  }
}

/**
 * How much later the same sound left `other` than `one`, ms, looked for around a frame of `one`: by cross-correlation,
 * to a fraction of a sample. Null when it is not found.
 */
export function laterBy(one: VirtualCard, frame: number, other: VirtualCard): number | null {
  const length = RATE / 10;
  const reach = RATE / 50;
  const piece = one.samples.subarray(frame, frame + length);
  const around = Math.round(other.frameAt(one.momentOf(frame)));
  const scores: number[] = [];
  let energy = 0;
  for (const sample of piece) energy += sample * sample;
  for (let lag = -reach; lag <= reach; lag += 1) {
    let product = 0;
    let theirs = 0;
    for (let index = 0; index < piece.length; index += 1) {
      const sample = other.samples[around + lag + index] ?? 0;
      product += (piece[index] ?? 0) * sample;
      theirs += sample * sample;
    }
    scores.push(product / Math.sqrt(energy * theirs || 1));
  }
  const best = scores.indexOf(Math.max(...scores));
  const [before, at, after] = [scores[best - 1], scores[best], scores[best + 1]];
  if (before === undefined || at === undefined || after === undefined || at < 0.7) return null;
  const fraction = (0.5 * (before - after)) / (before - 2 * at + after || 1);
  return other.momentOf(around - reach + best + fraction) - one.momentOf(frame);
}
