import type { CryptoKey } from 'jose';
import { z } from 'zod';
import type { Desired } from '#devices/messages/desired';
import { verify } from '#devices/signature';
import { type Database, DURABLE } from './database.ts';

const Kept = z.object({ jws: z.string(), receivedAt: z.number() });

/** A desired document as it governs: `id` for acknowledging, `receivedAt` in epoch ms. */
export interface Governing {
  readonly id: string;
  readonly receivedAt: number;
  readonly body: Desired;
}

/** The newest desired document, kept as it was signed, and checked again when it is read back. */
export class DesiredState {
  readonly #database: Database;
  #governing: Governing | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  get governing(): Governing | null {
    return this.#governing;
  }

  get revision(): number {
    return this.#governing?.body.revision ?? 0;
  }

  /** What governed when the page ended. State holds until there is newer; only commands expire. */
  async open(controllerKey: CryptoKey, device: string): Promise<void> {
    const kept = Kept.safeParse(await this.#database.get('facts', 'desired'));
    if (!kept.success) return;
    const { jws, receivedAt } = kept.data;
    const read = await verify('desired', jws, controllerKey, { audiences: new Set([device]), now: 0 });
    if (read.ok) this.#governing = { id: read.claims.jti, receivedAt, body: read.body };
  }

  async adopt(jws: string, id: string, body: Desired, now: number): Promise<void> {
    const change = this.#database.transaction('facts', 'readwrite', DURABLE);
    await change.store.put({ jws, receivedAt: now }, 'desired');
    await change.done;
    this.#governing = { id, receivedAt: now, body };
  }
}
