import type { Size } from '#devices/render/brush';
import { after, type DeviceClock } from '../clock.ts';
import type { EvidencePost } from '../evidence-post.ts';
import { hashOfPixels, pngOf } from './frame-buffer.ts';

export interface ProofPicturesDesk {
  readonly size: Size;
  readonly clock: DeviceClock;
  readonly evidence: Pick<EvidencePost, 'newId' | 'keep'>;
  /** How often a picture is made unasked, ms; 0 for never. */
  readonly everyMs: () => number;
  /** In [0, 1): so that a village does not send its pictures in one second. */
  readonly share: number;
  /** A fleet in one process encodes its pictures one after the other, over so long; 0: at once. */
  readonly spreadMs: number;
  readonly fault: (what: string, detail: string) => void;
}

/** So many are made unasked in a day at most, and so many scenes are remembered as pictured. */
const MOST_A_DAY = 120;
const MOST_SCENES = 500;
const DAY_MS = 86_400_000;

/** Pictures of what is really lit: of every scene when it stands first, every so often, and whenever somebody asks. */
export class ProofPictures {
  readonly #desk: ProofPicturesDesk;
  readonly #known = new Set<string>();
  /** When those of the last day were made, epoch ms. */
  #made: number[] = [];
  #nextAt = Number.POSITIVE_INFINITY;

  constructor(desk: ProofPicturesDesk) {
    this.#desk = desk;
  }

  /** The next one is due; epoch ms, infinity for never. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** Looks at how often they are wanted now. @param now epoch ms. */
  look(now: number): void {
    const everyMs = this.#desk.everyMs();
    if (everyMs === 0) this.#nextAt = Number.POSITIVE_INFINITY;
    else if (this.#nextAt > now + everyMs) this.#nextAt = now + everyMs * (0.5 + this.#desk.share / 2);
  }

  /** @returns the id of the picture when one is made of this scene now: because it is the first, or because it is time. */
  unasked(scene: string | null, now: number, pixels: () => Uint8ClampedArray): string | null {
    const news = scene !== null && !this.#known.has(scene);
    if (!news && now < this.#nextAt) return null;
    const everyMs = this.#desk.everyMs();
    if (now >= this.#nextAt) this.#nextAt = everyMs === 0 ? Number.POSITIVE_INFINITY : now + everyMs;
    this.#made = this.#made.filter((at) => at > now - DAY_MS && at <= now);
    if (this.#made.length >= MOST_A_DAY) return null;
    this.#made.push(now);
    if (scene !== null) this.#remember(scene);
    const id = this.#desk.evidence.newId();
    const taken = pixels();
    const { spreadMs, share, clock, fault } = this.#desk;
    const keep = (): void =>
      void this.#keep(id, taken, now).catch((error: unknown) =>
        fault('evidence-failed', error instanceof Error ? error.message : String(error)),
      );
    if (spreadMs === 0) keep();
    else after(clock, spreadMs * share, keep);
    return id;
  }

  /** Somebody asks. Resolves when it is on its way. */
  async asked(pixels: Uint8ClampedArray, now: number): Promise<string> {
    const id = this.#desk.evidence.newId();
    await this.#keep(id, pixels, now);
    return id;
  }

  async #keep(id: string, pixels: Uint8ClampedArray, takenAt: number): Promise<void> {
    const taken = { takenAt: Math.round(takenAt), pixels: hashOfPixels(pixels) };
    await this.#desk.evidence.keep(id, 'png', await pngOf(pixels, this.#desk.size), taken);
  }

  #remember(scene: string): void {
    this.#known.add(scene);
    const [oldest] = this.#known;
    if (this.#known.size > MOST_SCENES && oldest !== undefined) this.#known.delete(oldest);
  }
}
