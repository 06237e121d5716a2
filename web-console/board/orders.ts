import type { CryptoKey } from 'jose';
import type { Ack } from '#devices/messages/ack';
import type { Command } from '#devices/messages/command';
import type { Desired } from '#devices/messages/desired';
import { type Verified, verify } from '#devices/signature';
import { EVERY_DEVICE } from '#devices/topics';
import { type Database, DURABLE } from './database.ts';
import type { DesiredState } from './desired-state.ts';

type More = Pick<Ack, 'reason' | 'startedAt' | 'evidence'>;

/** A command that was found genuine, and the words in which is told what becomes of it. */
export interface Order {
  readonly id: string;
  /** Epoch ms; after that nobody waits for it any more. */
  readonly expiresAt: number;
  /** The command in the very letters that were signed; empty where it is only told of. */
  readonly jws: string;
  say(state: 'ready' | 'started' | 'ended' | 'rejected', more?: More): void;
}

export interface OrdersDesk {
  readonly device: string;
  readonly database: Database;
  readonly controllerKey: CryptoKey;
  readonly state: DesiredState;
  readonly now: () => number;
  /** Resolves when the clock can judge an expiry. */
  readonly clockReady: () => Promise<void>;
  readonly ack: (ack: Ack) => void;
  readonly onTrouble: (error: unknown) => void;
  readonly onDesired: (body: Desired) => void;
  /** Resolves when nothing more is to be done for the command now; it tells itself what became of it. */
  readonly onCommand: (body: Command, order: Order) => Promise<void>;
}

/** A flood is dropped, not queued without end: state is retained and comes again, commands have their expiry. */
const MOST_WAITING = 100;
/** More commands than this are never alive at once. */
const MOST_SEEN = 2_000;

/**
 * Reads what the controller signed, one message after the other, and obeys what holds: nothing unsigned, meant for
 * somebody else, expired, seen before, or older than what is held. Every refusal is reported.
 */
export class Orders {
  readonly #desk: OrdersDesk;
  readonly #seen = new Map<string, number>();
  #chain: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(desk: OrdersDesk) {
    this.#desk = desk;
  }

  async open(): Promise<void> {
    const { store } = this.#desk.database.transaction('seen');
    const [ids, expiries] = await Promise.all([store.getAllKeys(), store.getAll()]);
    for (const [at, id] of ids.entries()) this.#seen.set(id, expiries[at] ?? 0);
  }

  desired(jws: string): void {
    this.#inTurn(() => this.#readDesired(jws.trim()));
  }

  command(jws: string): void {
    this.#inTurn(() => this.#readCommand(jws.trim()));
  }

  /** To tell more of a command by its id, also one of before the page began. */
  order(id: string): Order {
    return { id, expiresAt: 0, jws: '', say: (state, more) => this.#say(id, state, more) };
  }

  /** A command of before the page began, checked again: whatever lies on the disk is believed no more than a stranger. */
  async again(jws: string): Promise<Command | null> {
    const { controllerKey } = this.#desk;
    const read = await verify('command', jws, controllerKey, { audiences: this.#audiences(), now: 0 });
    return read.ok ? read.body : null;
  }

  async #readDesired(jws: string): Promise<void> {
    const { state, now, ack, onDesired } = this.#desk;
    const read = await this.#verified('desired', jws);
    if (!read.ok) return;
    const { body, claims } = read;
    if (state.governing !== null && body.revision === state.revision) {
      onDesired(body);
      return;
    }
    if (body.revision < state.revision) {
      this.#refuse('desired', claims.jti, 'stale-revision', body.revision);
      return;
    }
    await state.adopt(jws, claims.jti, body, now());
    ack({ v: 1, id: claims.jti, subject: 'desired', state: 'received', revision: body.revision, at: now() });
    onDesired(body);
  }

  async #readCommand(jws: string): Promise<void> {
    const read = await this.#verified('command', jws);
    if (!read.ok) return;
    const { jti, expiresAt } = read.claims;
    if (!(await this.#first(jti, expiresAt))) {
      this.#refuse('command', jti, 'replayed');
      return;
    }
    this.#say(jti, 'received');
    // A command may take a minute; the next one (stop!) must not wait for it.
    void this.#obey({ ...this.order(jti), expiresAt, jws }, read.body);
  }

  async #obey(order: Order, body: Command): Promise<void> {
    try {
      await this.#desk.onCommand(body, order);
    } catch (error) {
      this.#desk.onTrouble(error);
      order.say('rejected', { reason: 'failed' });
    }
  }

  /** False when it was seen before. Durable before it resolves, so that a reload does not obey it again. */
  async #first(id: string, expiresAt: number): Promise<boolean> {
    if (this.#seen.has(id)) return false;
    const { database, now, onTrouble } = this.#desk;
    this.#seen.set(id, expiresAt);
    const gone = [...this.#seen].filter(([, expiry]) => expiry < now()).map(([old]) => old);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MOST_SEEN && oldest !== undefined) gone.push(oldest);
    for (const old of gone) this.#seen.delete(old);
    try {
      const change = database.transaction('seen', 'readwrite', DURABLE);
      await change.store.put(expiresAt, id);
      for (const old of gone) await change.store.delete(old);
      await change.done;
    } catch (error) {
      // A disk that takes nothing must not keep an alarm, or its stop, from being obeyed.
      onTrouble(error);
    }
    return true;
  }

  async #verified<K extends 'desired' | 'command'>(kind: K, jws: string): Promise<Verified<K>> {
    const { device, controllerKey, now, clockReady } = this.#desk;
    await clockReady();
    // A desired document is for one device alone.
    const audiences = kind === 'command' ? this.#audiences() : new Set([device]);
    const read = await verify(kind, jws, controllerKey, { audiences, now: now() });
    if (!read.ok) this.#refuse(kind, read.id, read.reason);
    return read;
  }

  /** A command may be meant for a group or for all. */
  #audiences(): ReadonlySet<string> {
    const { device, state } = this.#desk;
    return new Set([device, EVERY_DEVICE, ...(state.governing?.body.groups ?? [])]);
  }

  #say(id: string, state: Ack['state'], more: More = {}): void {
    this.#desk.ack({ v: 1, id, subject: 'command', state, ...more, at: this.#desk.now() });
  }

  #refuse(subject: 'desired' | 'command', id: string | null, reason: string, revision?: number): void {
    const about = revision === undefined ? {} : { revision };
    this.#desk.ack({ v: 1, id, subject, state: 'rejected', reason, ...about, at: this.#desk.now() });
  }

  #inTurn(act: () => Promise<void>): void {
    if (this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    this.#chain = this.#chain
      .then(act)
      .catch(this.#desk.onTrouble)
      .finally(() => {
        this.#waiting -= 1;
      });
  }
}
