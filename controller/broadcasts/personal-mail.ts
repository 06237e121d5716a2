/** Sent to so many devices at a time. */
const IN_ONE_GO = 200;

/**
 * What single devices are told beside their groups: who was away when the others were told. Gathered, so that a
 * thousand that come back together are a few writes; a device is told one thing once, however often it was asked for.
 */
export class PersonalMail {
  readonly #deliver: (key: string, devices: readonly string[]) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #waiting = new Map<string, Set<string>>();
  #work: Promise<void> | undefined;

  constructor(
    deliver: (key: string, devices: readonly string[]) => Promise<void>,
    failed: (error: unknown) => void,
  ) {
    this.#deliver = deliver;
    this.#failed = failed;
  }

  /** @param key what is told; read again when it is delivered, so that nobody is told what is no longer so. */
  post(key: string, devices: Iterable<string>): void {
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    for (const device of devices) waiting.add(device);
    if (waiting.size === 0) this.#waiting.delete(key);
    this.#work ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Who asks in the same batch is delivered together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      const [key, waiting] = next;
      const some: string[] = [];
      for (const device of waiting) if (some.length < IN_ONE_GO) some.push(device);
      for (const device of some) waiting.delete(device);
      if (waiting.size === 0) this.#waiting.delete(key);
      await this.#deliver(key, some).catch(this.#failed);
    }
    // In the turn in which it found nothing more: what is posted after this begins anew.
    this.#work = undefined;
  }
}
