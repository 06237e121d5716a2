import type { Ack } from '#devices/messages/ack';

type More = Pick<Ack, 'reason' | 'startedAt' | 'selfTest' | 'evidence'>;
export type SayOfOrder = (id: string, state: Ack['state'], more: More) => void;

/** A command that was found genuine, by its id, and the words in which is told what becomes of it. */
export class Order {
  readonly id: string;
  /** Epoch ms; after that nobody waits for it any more. */
  readonly expiresAt: number;
  readonly #say: SayOfOrder;

  constructor(id: string, expiresAt: number, say: SayOfOrder) {
    this.id = id;
    this.expiresAt = expiresAt;
    this.#say = say;
  }

  ready(): void {
    this.#say(this.id, 'ready', {});
  }

  started(more: More = {}): void {
    this.#say(this.id, 'started', more);
  }

  ended(more: More = {}): void {
    this.#say(this.id, 'ended', more);
  }

  refuse(reason: string): void {
    this.#say(this.id, 'rejected', { reason });
  }
}
