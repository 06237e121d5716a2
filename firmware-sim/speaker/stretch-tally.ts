import { Level } from './level.ts';

/** What was in force, and what the device's microphone heard, while one stretch came out. */
export class StretchTally {
  /** Samples by volume and mute. */
  readonly #samples = new Map<string, { volume: number; muted: boolean; count: number }>();
  readonly #heard = new Level();

  /** @param heard by the microphone, where there is one. */
  add({ volume, muted }: { volume: number; muted: boolean }, count: number, heard: Int16Array | null): void {
    const key = `${volume}${muted ? 'm' : ''}`;
    const entry = this.#samples.get(key) ?? { volume, muted, count: 0 };
    entry.count += count;
    this.#samples.set(key, entry);
    if (heard !== null) this.#heard.add(heard);
  }

  /** The volume that most of it was heard at; null while nothing came out. */
  get loudness(): { volume: number; muted: boolean } | null {
    const [most] = [...this.#samples.values()].sort((one, other) => other.count - one.count);
    return most === undefined ? null : { volume: most.volume, muted: most.muted };
  }

  get heardDbfs(): number | undefined {
    return this.#heard.dbfs;
  }
}
