/**
 * What changed, for whoever must look again: the planner, and the consoles by way of `live/`. Only names travel,
 * never the data: a listener reads the database, so that it can never act on a stale copy.
 */
export type Entity =
  | 'area'
  | 'group'
  | 'device'
  | 'pairing'
  | 'refusal'
  | 'asset'
  | 'programme'
  | 'playlist'
  | 'schedule'
  | 'plan'
  | 'play'
  | 'picture'
  | 'visual'
  | 'board'
  | 'broadcast'
  | 'model'
  | 'firmware'
  | 'rollout'
  | 'policy'
  | 'live'
  | 'relay'
  | 'incident'
  | 'stored-message'
  | 'alert'
  | 'bulletin'
  | 'person';

export type ChangeListener = (entity: Entity, id: string) => void;

export class Changes {
  readonly #listeners = new Set<ChangeListener>();

  /** Says that a thing was made, altered or removed, after it was committed. Listeners must not throw or wait. */
  announce(entity: Entity, id: string): void {
    for (const listener of this.#listeners) listener(entity, id);
  }

  /** @returns a function that ends the listening. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
