/** Something that acts between `start` and `stop`; constructors only assign. `stop` may be called once, after `start`. */
export interface Component {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts in order; stops in reverse, each even if another failed, and reports the first failure. */
export class Sequence implements Component {
  readonly #parts: readonly Component[];
  readonly #started: Component[] = [];

  constructor(parts: readonly Component[]) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    for (const part of this.#parts) {
      await part.start();
      this.#started.push(part);
    }
  }

  async stop(): Promise<void> {
    let failure: unknown;
    for (let part = this.#started.pop(); part !== undefined; part = this.#started.pop()) {
      try {
        await part.stop();
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }
}
