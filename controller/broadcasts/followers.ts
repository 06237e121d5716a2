import type { BroadcastState } from '../http/contract/broadcasts.ts';

/** Told of the turns of every broadcast, after they were written down. Must not throw or wait. */
export interface Follower {
  /** It starts: position 0 is heard at `t0`, epoch ms. */
  started(broadcast: string, t0: number): void;
  /** It has ended by itself, was stopped, or could not start. */
  over(broadcast: string, state: BroadcastState): void;
}

export class Followers {
  readonly #followers = new Set<Follower>();

  /** @returns a function that ends the following. */
  add(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  started(broadcast: string, t0: number): void {
    for (const follower of this.#followers) follower.started(broadcast, t0);
  }

  over(broadcast: string, state: BroadcastState): void {
    for (const follower of this.#followers) follower.over(broadcast, state);
  }
}
