import type { Pixels } from '#devices/render/assets';

/** A film that nobody asks for is stopped after this long. */
const UNWATCHED_MS = 1_000;
/** Nearer to its place than this it runs by itself; a little off it runs a little faster or slower until it is there. */
const OFF_MS = 60;
/** Further off it is moved, which shows: not more often than this. */
const FAR_MS = 1_500;
const MOVED_EVERY_MS = 5_000;
const NUDGE = 0.08;

/** A film on the board: without sound, going round, and at the place that the scene asks for. */
export class Film {
  readonly #video = document.createElement('video');
  readonly #url: string;
  /** The frame that stands while the film is moved to another place. */
  #still: OffscreenCanvas | null = null;
  #movedAt = Number.NEGATIVE_INFINITY;
  #unwatched: ReturnType<typeof setTimeout> | undefined;

  constructor(bytes: Uint8Array<ArrayBuffer>, type: string) {
    this.#url = URL.createObjectURL(new Blob([bytes], { type }));
    const video = this.#video;
    video.muted = true;
    video.loop = true;
    video.playsInline = true;
    video.preload = 'auto';
    video.src = this.#url;
  }

  /** Resolves when its first frame is decoded. @throws when it cannot be. */
  async ready(): Promise<void> {
    const video = this.#video;
    await new Promise<void>((resolve, reject) => {
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) resolve();
      video.addEventListener('loadeddata', () => resolve(), { once: true });
      const failed = (): void => reject(new Error('the film cannot be decoded'));
      video.addEventListener('error', failed, { once: true });
    });
    // What a canvas takes is the frame; these say to the renderer how large that is.
    video.width = video.videoWidth;
    video.height = video.videoHeight;
    this.#keepStill();
  }

  /** The frame at `tMs`, or as near to it as the film has come. */
  at(tMs: number): Pixels | null {
    const video = this.#video;
    clearTimeout(this.#unwatched);
    this.#unwatched = setTimeout(() => video.pause(), UNWATCHED_MS);
    if (video.seeking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return this.#still;
    const off = this.#off(tMs);
    const begins = video.paused;
    const far = Math.abs(off) > FAR_MS && performance.now() - this.#movedAt > MOVED_EVERY_MS;
    if (begins) void video.play().catch(() => undefined);
    if (far || (begins && Math.abs(off) > OFF_MS)) {
      this.#keepStill();
      this.#movedAt = performance.now();
      video.currentTime = (tMs / 1_000) % video.duration;
      return this.#still;
    }
    video.playbackRate = Math.abs(off) > OFF_MS ? 1 + Math.sign(off) * NUDGE : 1;
    return video;
  }

  /** Decoded pixels that it may hold, for whoever counts memory. */
  get weight(): number {
    return this.#video.videoWidth * this.#video.videoHeight * 4;
  }

  release(): void {
    clearTimeout(this.#unwatched);
    this.#video.pause();
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  /** How far the film is behind its place, ms; negative: ahead. The way round the end counts where it is the shorter one. */
  #off(tMs: number): number {
    const lengthMs = this.#video.duration * 1_000;
    const behind = tMs - this.#video.currentTime * 1_000;
    if (!Number.isFinite(lengthMs) || lengthMs <= 0) return behind;
    return behind - Math.round(behind / lengthMs) * lengthMs;
  }

  #keepStill(): void {
    const { videoWidth, videoHeight } = this.#video;
    this.#still ??= new OffscreenCanvas(videoWidth, videoHeight);
    this.#still.getContext('2d', { willReadFrequently: true })?.drawImage(this.#video, 0, 0);
  }
}
