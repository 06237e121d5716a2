import type { CryptoKey } from 'jose';
import { z } from 'zod';
import type { RefusalReason } from '#devices/messages/ack';
import { type Plan, PlanPointer } from '#devices/plan';
import { verify } from '#devices/signature';
import { EVERY_DEVICE } from '#devices/topics';
import { type Database, DURABLE } from './database.ts';
import { sha256Of } from './shelf.ts';

export type Pointer = z.infer<typeof PlanPointer>;

/** `heldAt`: since when the plan governs, epoch ms. */
const Held = z.object({ pointer: PlanPointer, heldAt: z.number() });

export type PlanReading =
  | { readonly ok: true; readonly plan: Plan; readonly jws: string }
  | { readonly ok: false; readonly reason: RefusalReason };

/** Signed plans, in the very letters that were signed, and which of them governs. */
export class PlanStore {
  readonly #database: Database;
  readonly #controllerKey: CryptoKey;

  constructor(database: Database, controllerKey: CryptoKey) {
    this.#database = database;
    this.#controllerKey = controllerKey;
  }

  /** The plan that governed when the page ended. Its expiry is no reason to go dark: its occurrences have their own times. */
  async held(): Promise<{ plan: Plan; pointer: Pointer; heldAt: number } | null> {
    const held = Held.safeParse(await this.#database.get('facts', 'plan'));
    if (!held.success) return null;
    const { pointer, heldAt } = held.data;
    const jws = await this.#database.get('plans', pointer.sha256);
    const reading = jws === undefined ? null : await this.read(new TextEncoder().encode(jws), pointer, 0);
    return reading?.ok === true ? { plan: reading.plan, pointer, heldAt } : null;
  }

  /** Checks the hash and then the signature. @param now epoch ms, for its expiry. */
  async read(bytes: Uint8Array<ArrayBuffer>, pointer: Pointer, now: number): Promise<PlanReading> {
    if ((await sha256Of(bytes)) !== pointer.sha256) return { ok: false, reason: 'malformed' };
    const jws = new TextDecoder().decode(bytes);
    const audiences = new Set([EVERY_DEVICE]);
    const verified = await verify('plan', jws.trim(), this.#controllerKey, { audiences, now });
    return verified.ok ? { ok: true, plan: verified.body, jws } : { ok: false, reason: verified.reason };
  }

  /** From now on this plan governs; others are let go. */
  async hold(pointer: Pointer, jws: string | null, heldAt: number): Promise<void> {
    const change = this.#database.transaction(['facts', 'plans'], 'readwrite', DURABLE);
    const plans = change.objectStore('plans');
    if (jws !== null) {
      await plans.clear();
      await plans.put(jws, pointer.sha256);
    }
    await change.objectStore('facts').put({ pointer, heldAt }, 'plan');
    await change.done;
  }

  /** No plan governs: there is nothing to show. */
  async clear(): Promise<void> {
    const change = this.#database.transaction(['facts', 'plans'], 'readwrite', DURABLE);
    await change.objectStore('plans').clear();
    await change.objectStore('facts').delete('plan');
    await change.done;
  }
}
