/**
 * Who must be looked at when. Buckets of a second: setting, moving and taking what is due cost the same for ten devices
 * and for ten thousand, and nothing ever walks over all of them.
 */
export class Deadlines {
  readonly #buckets = new Map<number, Set<string>>();
  readonly #of = new Map<string, number>();

  /** @param at epoch ms; null for never. Replaces an earlier deadline of the same id. */
  set(id: string, at: number | null): void {
    const before = this.#of.get(id);
    const second = at === null ? undefined : Math.ceil(at / 1_000);
    if (before === second) return;
    if (before !== undefined) this.#drop(id, before);
    if (second === undefined) return;
    this.#of.set(id, second);
    const bucket = this.#buckets.get(second);
    if (bucket === undefined) this.#buckets.set(second, new Set([id]));
    else bucket.add(id);
  }

  /** Takes out whatever is due by `now`. There are at most some hundred buckets: deadlines lie minutes ahead. */
  due(now: number): string[] {
    const ids: string[] = [];
    for (const [second, bucket] of this.#buckets) {
      if (second * 1_000 > now) continue;
      this.#buckets.delete(second);
      for (const id of bucket) {
        this.#of.delete(id);
        ids.push(id);
      }
    }
    return ids;
  }

  #drop(id: string, second: number): void {
    this.#of.delete(id);
    const bucket = this.#buckets.get(second);
    bucket?.delete(id);
    if (bucket?.size === 0) this.#buckets.delete(second);
  }
}
