import { join } from 'node:path';
import type { CryptoKey } from 'jose';
import { z } from 'zod';
import type { Desired } from '#devices/messages/desired';
import { verify } from '#devices/signature';
import { readOrForget, writeWhole } from './whole-file.ts';

const DesiredFile = z.object({ jws: z.string(), receivedAt: z.number() });

export type DesiredBody = z.infer<typeof Desired>;

/** A desired document as it governs: `id` for acknowledging, `receivedAt` in epoch ms. */
export interface Governing {
  readonly id: string;
  readonly receivedAt: number;
  readonly body: DesiredBody;
}

/** The newest desired document, kept as it was signed, and checked again when it is read back. */
export class DesiredState {
  readonly #path: string;
  #governing: Governing | null = null;

  constructor(dir: string) {
    this.#path = join(dir, 'desired.json');
  }

  get governing(): Governing | null {
    return this.#governing;
  }

  get revision(): number {
    return this.#governing?.body.revision ?? 0;
  }

  /** What governed when the power went. State holds until there is newer; only commands expire. */
  async open(controllerKey: CryptoKey, device: string): Promise<void> {
    const kept = await readOrForget(this.#path, DesiredFile);
    if (kept === null) return;
    const read = await verify('desired', kept.jws, controllerKey, { audiences: new Set([device]), now: 0 });
    if (read.ok) this.#governing = { id: read.claims.jti, receivedAt: kept.receivedAt, body: read.body };
  }

  async adopt(jws: string, id: string, body: DesiredBody, now: number): Promise<void> {
    await writeWhole(this.#path, JSON.stringify({ jws, receivedAt: now }));
    this.#governing = { id, receivedAt: now, body };
  }
}
