import { Failure } from '../failure.ts';

interface Waiting {
  readonly work: () => Promise<void>;
  readonly drop: (error: unknown) => void;
}

/** Work that is done one piece after the other, with a bound on what may wait. */
export class Lane {
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  #busy: Promise<void> | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws Failure `queue-full` 503; whatever the work throws. */
  do<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting.length >= this.#most) {
      const detail = 'Too much is waiting to be made; try again when some of it is done.';
      return Promise.reject(
        new Failure('queue-full', detail, { status: 503, params: { waiting: this.#most } }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work: () => work().then(resolve, reject), drop: reject });
      this.#busy ??= this.#workOff();
    });
  }

  /** Lets go of what waits, and waits for what is being done. */
  async clear(reason: unknown): Promise<void> {
    for (const { drop } of this.#waiting.splice(0)) drop(reason);
    await this.#busy;
  }

  async #workOff(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await next.work();
    this.#busy = undefined;
  }
}
