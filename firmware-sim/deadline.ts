/**
 * Ends work that was called off or that is silent for too long. Besides aborting a `fetch` it lets the waiting end by
 * itself: in Node 20 an aborted `fetch` whose response body is being read may never hear of it, once its inner
 * signal was garbage collected, and the reader would wait for ever with its file open.
 */
export class Deadline {
  readonly #control = new AbortController();
  readonly #over: Promise<never>;
  readonly #calledOff: () => void;
  readonly #outer: AbortSignal;
  readonly #silence: () => void;
  readonly #ms: number;
  #timer: NodeJS.Timeout;

  /** @param outer calls the work off. @param ms how long it may be silent. @param what is silent, for the error. */
  constructor(outer: AbortSignal, ms: number, what: string) {
    this.#outer = outer;
    this.#ms = ms;
    const control = this.#control;
    this.#over = new Promise((_, reject) => {
      control.signal.addEventListener('abort', () => reject(control.signal.reason));
    });
    this.#over.catch(() => undefined);
    this.#calledOff = () => control.abort(outer.reason);
    this.#silence = () => control.abort(new Error(`${what} sent nothing for ${ms} ms`));
    outer.addEventListener('abort', this.#calledOff);
    this.#timer = setTimeout(this.#silence, ms);
    if (outer.aborted) this.#calledOff();
  }

  /** For `fetch`. */
  get signal(): AbortSignal {
    return this.#control.signal;
  }

  /** Something was heard: the silence begins anew. */
  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#silence, this.#ms);
  }

  /** As the work ends, or rejects at once when it is called off or silent. */
  within<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#over]);
  }

  /** The work is done; to be called in any case. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#calledOff);
  }
}
