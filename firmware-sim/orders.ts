import type { CryptoKey } from 'jose';
import type { z } from 'zod';
import type { Ack } from '#devices/messages/ack';
import type { Command } from '#devices/messages/command';
import { type SignedKind, type Verified, verify } from '#devices/signature';
import { EVERY_DEVICE } from '#devices/topics';
import type { DesiredBody, DesiredState } from './desired-state.ts';
import { Order } from './order.ts';
import type { SeenCommands } from './seen-commands.ts';

type CommandBody = z.infer<typeof Command>;

export interface OrdersDesk {
  readonly device: string;
  readonly controllerKey: CryptoKey;
  readonly state: DesiredState;
  readonly seen: SeenCommands;
  readonly now: () => number;
  /** Resolves when the clock can judge an expiry. */
  readonly clockReady: () => Promise<void>;
  readonly ack: (ack: Ack) => void;
  /** A document could not be kept: it is not obeyed, and comes again with the next connection. */
  readonly onTrouble: (error: unknown) => void;
  readonly onRefused: (subject: 'desired' | 'command', reason: string) => void;
  readonly onDesired: (body: DesiredBody, id: string) => void;
  /** Resolves when nothing more is to be done for the command now; it tells itself what became of it. */
  readonly onCommand: (body: CommandBody, order: Order) => Promise<void>;
}

/**
 * Reads what the controller signed, one message after the other, and obeys what holds: nothing unsigned, meant
 * for somebody else, expired, seen before, or older than what is held. Every refusal is reported.
 */
export class Orders {
  readonly #desk: OrdersDesk;
  #chain: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(desk: OrdersDesk) {
    this.#desk = desk;
  }

  desired(payload: Buffer): void {
    this.#inTurn(() => this.#readDesired(payload.toString('latin1').trim()));
  }

  command(payload: Buffer): void {
    this.#inTurn(() => this.#readCommand(payload.toString('latin1').trim()));
  }

  async #readDesired(jws: string): Promise<void> {
    const { state, now, ack, onDesired } = this.#desk;
    const read = await this.#verified('desired', jws);
    if (!read.ok) return;
    const { body, claims } = read;
    const held = state.governing;
    if (held !== null && body.revision === held.body.revision) return;
    if (body.revision < state.revision) {
      this.#refuse('desired', claims.jti, 'stale-revision', body.revision);
      return;
    }
    await state.adopt(jws, claims.jti, body, now());
    ack({ v: 1, id: claims.jti, subject: 'desired', state: 'received', revision: body.revision, at: now() });
    onDesired(body, claims.jti);
  }

  async #readCommand(jws: string): Promise<void> {
    const { seen, now } = this.#desk;
    const read = await this.#verified('command', jws);
    if (!read.ok) return;
    const { jti, expiresAt } = read.claims;
    if (!(await seen.first(jti, expiresAt, now()))) {
      this.#refuse('command', jti, 'replayed');
      return;
    }
    this.#say(jti, 'received');
    // A command may take a minute; the next one (stop!) must not wait for it.
    void this.#obey(this.order(jti, expiresAt), read.body);
  }

  /** To tell more of a command by its id, also one of an earlier power-up. */
  order(id: string, expiresAt = 0): Order {
    return new Order(id, expiresAt, (of, state, more) => {
      this.#say(of, state, more);
      if (state === 'rejected') this.#desk.onRefused('command', more.reason ?? 'failed');
    });
  }

  async #obey(order: Order, body: CommandBody): Promise<void> {
    try {
      await this.#desk.onCommand(body, order);
    } catch (error) {
      this.#desk.onTrouble(error);
      order.refuse('failed');
    }
  }

  async #verified<K extends Exclude<SignedKind, 'plan' | 'firmware'>>(
    kind: K,
    jws: string,
  ): Promise<Verified<K>> {
    const { device, controllerKey, state, now, clockReady } = this.#desk;
    await clockReady();
    // A command may be meant for a group or for all; a desired document is for one device alone.
    const groups = kind === 'command' ? [EVERY_DEVICE, ...(state.governing?.body.groups ?? [])] : [];
    const read = await verify(kind, jws, controllerKey, {
      audiences: new Set([device, ...groups]),
      now: now(),
    });
    if (!read.ok) this.#refuse(kind, read.id, read.reason);
    return read;
  }

  #say(id: string, state: Ack['state'], more: Partial<Ack> = {}): void {
    this.#desk.ack({ v: 1, id, subject: 'command', state, ...more, at: this.#desk.now() });
  }

  #refuse(subject: 'desired' | 'command', id: string | null, reason: string, revision?: number): void {
    const { ack, now, onRefused } = this.#desk;
    const about = revision === undefined ? {} : { revision };
    ack({ v: 1, id, subject, state: 'rejected', reason, ...about, at: now() });
    onRefused(subject, reason);
  }

  /** A flood is dropped, not queued without end: state is retained and comes again, commands have their expiry. */
  #inTurn(act: () => Promise<void>): void {
    if (this.#waiting >= 100) return;
    this.#waiting += 1;
    this.#chain = this.#chain
      .then(act)
      .catch(this.#desk.onTrouble)
      .finally(() => {
        this.#waiting -= 1;
      });
  }
}
