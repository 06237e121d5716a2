import { setImmediate } from 'node:timers/promises';

/** Lets everything else that waits have its turn, before a long work goes on. */
export const breathe = (): Promise<void> => setImmediate();

export function* slices<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let index = 0; index < items.length; index += size) yield items.slice(index, index + size);
}
