import { resolve, sep } from 'node:path';

/** What a device is connected with, as far as a test or a script of faults may pull it out. */
export class Cable {
  #cut = false;
  readonly #onCut = new Set<() => void>();

  get cut(): boolean {
    return this.#cut;
  }

  /** @returns a function that ends the listening. */
  onCut(listener: () => void): () => void {
    this.#onCut.add(listener);
    return () => this.#onCut.delete(listener);
  }

  pull(): void {
    this.#cut = true;
    for (const listener of this.#onCut) listener();
  }

  plug(): void {
    this.#cut = false;
  }
}

/** By directory of a device, absolute. */
const cables = new Map<string, Cable>();

/** The cable of the device that lives in `dir`. */
export function cableOf(dir: string): Cable {
  const home = resolve(dir);
  const cable = cables.get(home) ?? new Cable();
  cables.set(home, cable);
  return cable;
}

/** To be called where something for a file in a device's directory comes over the link. @throws when it cannot come. */
export function mayReceive(path: string): void {
  const absolute = resolve(path);
  for (const [home, { cut }] of cables) {
    if (cut && absolute.startsWith(home + sep)) throw new Error('the link is down');
  }
}
