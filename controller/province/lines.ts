/** Work that is done one after the other where it is about the same thing, and side by side where it is not. */
export class Lines {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns what the work returns, or throws what it throws. */
  async after<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work);
    const line = turn
      .catch(() => {})
      .then(() => {
        if (this.#last.get(name) === line) this.#last.delete(name);
      });
    this.#last.set(name, line);
    return turn;
  }

  /** When all that was begun is over. */
  async over(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
