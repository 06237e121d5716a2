import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readWav } from './sound.ts';

/** What the simulator writes beside a recording: which sample really sounded when, by the machine's steady counter. */
const Truth = z.array(z.object({ sample: z.number(), trueMs: z.number(), samplesPerMs: z.number() })).min(1);

/** What came out of one simulated speaker, and when it really did. */
export class Recording {
  readonly samples: Int16Array;
  readonly #stretches: z.infer<typeof Truth>;

  private constructor(samples: Int16Array, stretches: z.infer<typeof Truth>) {
    this.samples = samples;
    this.#stretches = stretches;
  }

  static async read(path: string): Promise<Recording> {
    const truth = Truth.parse(JSON.parse(await readFile(`${path}.truth.json`, 'utf8')));
    return new Recording(await readWav(path), truth);
  }

  /** When a sample (with a fraction) sounded, ms of the machine's steady counter. */
  momentOf(sample: number): number {
    const stretch = this.#stretches.findLast((one) => one.sample <= sample) ?? this.#first;
    return stretch.trueMs + (sample - stretch.sample) / stretch.samplesPerMs;
  }

  sampleAt(ms: number): number {
    const stretch = this.#stretches.findLast(({ trueMs }) => trueMs <= ms) ?? this.#first;
    return stretch.sample + (ms - stretch.trueMs) * stretch.samplesPerMs;
  }

  /** How many uninterrupted stretches it is made of. */
  get stretches(): number {
    return this.#stretches.length;
  }

  get #first() {
    const [first] = this.#stretches;
    if (first === undefined) throw new Error('a recording without a beginning');
    return first;
  }
}

const PIECE = 4_800;

/**
 * When the sound that begins at a sample of `one` came out of `other`, ms of the machine's steady counter: looked for
 * around the same moment by cross-correlation, to a fraction of a sample. Null when it is not there.
 */
export function momentInOther(
  one: Recording,
  sample: number,
  other: Recording,
  reachMs: number,
): number | null {
  const piece = one.samples.subarray(sample, sample + PIECE);
  const reach = Math.round(reachMs * 48);
  const from = Math.round(other.sampleAt(one.momentOf(sample))) - reach;
  let energy = 0;
  for (const value of piece) energy += value * value;
  const scores = new Float64Array(2 * reach + 1);
  let best = 0;
  for (let lag = 0; lag < scores.length; lag += 1) {
    let product = 0;
    let theirs = 0;
    for (let index = 0; index < piece.length; index += 1) {
      const value = other.samples[from + lag + index] ?? 0;
      product += (piece[index] ?? 0) * value;
      theirs += value * value;
    }
    scores[lag] = product / Math.sqrt(energy * theirs || 1);
    if ((scores[lag] ?? 0) > (scores[best] ?? 0)) best = lag;
  }
  const [before = 0, at = 0, after = 0] = scores.subarray(best - 1, best + 2);
  if (best === 0 || best === scores.length - 1 || at < 0.7) return null;
  const fraction = (0.5 * (before - after)) / (before - 2 * at + after || 1);
  return other.momentOf(from + best + fraction);
}

/**
 * When each of several speakers sounded the same thing, at one place of the first; null for those that did not within
 * the reach.
 */
export function momentsOf(
  recordings: readonly Recording[],
  sample: number,
  reachMs: number,
): (number | null)[] {
  const [first] = recordings;
  if (first === undefined) return [];
  return recordings.map((other) =>
    other === first ? first.momentOf(sample) : momentInOther(first, sample, other, reachMs),
  );
}

/** How far any two are apart, ms. @throws when one did not sound at all. */
export function pairsOf(moments: readonly (number | null)[]): number[] {
  const known = moments.map((moment, index) => {
    if (moment === null) throw new Error(`speaker ${index + 1} did not sound what speaker 1 did`);
    return moment;
  });
  return known.flatMap((one, index) => known.slice(index + 1).map((other) => Math.abs(one - other)));
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
