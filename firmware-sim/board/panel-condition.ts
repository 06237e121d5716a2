/** A part of the matrix that is one board of LEDs with drivers of its own. */
export interface Module {
  readonly column: number;
  readonly row: number;
}

/**
 * What is wrong with a simulated panel, and with what draws for it. The switches are for whoever breaks it on purpose;
 * what the device can know of it is what its matrix reads back.
 */
export class PanelCondition {
  /** What draws stands still, and the last frame with it. */
  frozen = false;
  /** The panel's own supply is gone; the device's is not. */
  unpowered = false;
  #dead: ReadonlySet<number> = new Set();
  #stuck: Module | null = null;
  readonly #watchers = new Set<() => void>();

  /** Places that do not light, counted row by row. */
  get dead(): ReadonlySet<number> {
    return this.#dead;
  }

  /** The module that shows what it showed when it broke. */
  get stuck(): Module | null {
    return this.#stuck;
  }

  kill(places: Iterable<number>): void {
    this.#dead = new Set(places);
  }

  stick(module: Module | null): void {
    this.#stuck = module;
    for (const told of this.#watchers) told();
  }

  /** Tells that a module sticks from now on, or no more. */
  onStick(told: () => void): void {
    this.#watchers.add(told);
  }
}

/** So many places of a panel, scattered, and the same ones every time. */
export function scattered(count: number, pixels: number): Set<number> {
  const places = new Set<number>();
  // Steps by a prime from wherever: no two alike before all were met.
  for (let step = 0; places.size < Math.min(count, pixels); step += 1)
    places.add((step * 7_919 + 131) % pixels);
  return places;
}
