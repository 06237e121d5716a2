import type { Plan, PlanOccurrence } from '#devices/plan';

/** An occurrence of the plan that is still to come near, and since when the device could have played it, of the monotonic clock, ms. */
export interface Coming {
  readonly occurrence: PlanOccurrence;
  readonly knownAt: number;
}

/** What the plan still holds, by start; taken from the front as it comes near. */
export class Upcoming {
  #coming: Coming[] = [];
  #next = 0;

  /**
   * The plan governs from now on. What an earlier one held already was known before.
   * @param wanted leaves out what is not the device's duty, or is told of already.
   */
  adopt(plan: Plan, knownAt: number, wanted: (occurrence: PlanOccurrence) => boolean): void {
    const before = new Map(
      this.#coming.slice(this.#next).map(({ occurrence, knownAt }) => [occurrence.id, knownAt]),
    );
    this.#coming = plan.occurrences
      .filter(wanted)
      .map((occurrence) => ({ occurrence, knownAt: before.get(occurrence.id) ?? knownAt }))
      .sort((one, other) => one.occurrence.startAt - other.occurrence.startAt);
    this.#next = 0;
  }

  /** The start of the next one; infinity when there is none. */
  get nextStart(): number {
    return this.#coming[this.#next]?.occurrence.startAt ?? Number.POSITIVE_INFINITY;
  }

  /** Those that start until `near`, once each. */
  *take(near: number): Iterable<Coming> {
    for (;;) {
      const coming = this.#coming[this.#next];
      if (coming === undefined || coming.occurrence.startAt > near) return;
      this.#next += 1;
      yield coming;
    }
  }
}
