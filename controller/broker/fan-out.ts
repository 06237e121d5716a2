import { topicMatcher } from './topic-filter.ts';

type Message = { readonly topic: string };
type Deliver = (message: Message, done: () => void) => void;
type Done = (error?: Error | null) => void;

/**
 * Carries each message to whoever subscribed: the "mq" of aedes. A map for exact topics, which is every filter that a
 * device may use, and a list for the handful of wildcards of the controller.
 *
 * A publisher is not made to wait for its slowest subscriber: aedes reads no further from a connection until its last
 * message was taken, so that one frozen loudspeaker would hold up the controller, and with it the ward, until the
 * drain timeout. What a slow socket may hoard is limited where messages are forwarded.
 */
export class FanOut {
  readonly #exact = new Map<string, Set<Deliver>>();
  readonly #wild = new Map<Deliver, { filter: string; matches: (topic: string) => boolean }>();
  #closed = false;

  on(filter: string, deliver: Deliver, done?: () => void): this {
    if (isWild(filter)) this.#wild.set(deliver, { filter, matches: topicMatcher(filter) });
    else {
      const subscribers = this.#exact.get(filter);
      if (subscribers === undefined) this.#exact.set(filter, new Set([deliver]));
      else subscribers.add(deliver);
    }
    if (done !== undefined) setImmediate(done);
    return this;
  }

  removeListener(filter: string, deliver: Deliver, done?: () => void): this {
    if (isWild(filter)) this.#wild.delete(deliver);
    else {
      const subscribers = this.#exact.get(filter);
      subscribers?.delete(deliver);
      if (subscribers?.size === 0) this.#exact.delete(filter);
    }
    if (done !== undefined) setImmediate(done);
    return this;
  }

  emit(message: Message, done: Done = nothing): this {
    if (this.#closed) {
      done(new Error('the broker is closed'));
      return this;
    }
    for (const deliver of this.#exact.get(message.topic) ?? []) deliver(message, nothing);
    for (const [deliver, { matches }] of this.#wild) if (matches(message.topic)) deliver(message, nothing);
    setImmediate(done);
    return this;
  }

  close(done: () => void): this {
    this.#closed = true;
    setImmediate(done);
    return this;
  }
}

const isWild = (filter: string): boolean => filter.includes('+') || filter.includes('#');
const nothing = (): void => {};
