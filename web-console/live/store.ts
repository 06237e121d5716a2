import { useSyncExternalStore } from 'react';

/** A value that components watch; for what comes too often to go through the query cache. */
export class Watched<T> {
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of this.#watchers) watcher();
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
}

/** Renders again when what `select` picks becomes another value; `select` must pick, not build. */
export function useWatched<T, U>(watched: Watched<T>, select: (value: T) => U): U {
  return useSyncExternalStore(watched.watch, () => select(watched.value));
}
