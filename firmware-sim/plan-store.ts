import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CryptoKey } from 'jose';
import { z } from 'zod';
import type { RefusalReason } from '#devices/messages/ack';
import { type Plan, PlanPointer } from '#devices/plan';
import { verify } from '#devices/signature';
import { EVERY_DEVICE } from '#devices/topics';
import { hashOf } from './download.ts';
import { makeDirectory, readOrForget, remove, writeWhole } from './whole-file.ts';

type Pointer = z.infer<typeof PlanPointer>;

/** `heldAt`: since when the plan governs, epoch ms. */
const HeldFile = z.object({ pointer: PlanPointer, heldAt: z.number() });

export type PlanReading = { ok: true; plan: Plan } | { ok: false; reason: RefusalReason };

/** Signed plans on disk, in the very bytes that were signed, and which of them governs. */
export class PlanStore {
  readonly #dir: string;
  readonly #heldPath: string;
  readonly #controllerKey: CryptoKey;
  readonly #now: () => number;

  constructor(dir: string, controllerKey: CryptoKey, now: () => number) {
    this.#dir = join(dir, 'plans');
    this.#heldPath = join(dir, 'plan.json');
    this.#controllerKey = controllerKey;
    this.#now = now;
  }

  async open(): Promise<void> {
    await makeDirectory(this.#dir);
  }

  path(sha256: string): string {
    return join(this.#dir, `${sha256}.jws`);
  }

  /** Whole and undamaged; a damaged one is thrown out. */
  async has(sha256: string): Promise<boolean> {
    const there = await access(this.path(sha256)).then(
      () => true,
      () => false,
    );
    if (!there) return false;
    if ((await hashOf(this.path(sha256))) === sha256) return true;
    await this.discard(sha256);
    return false;
  }

  async discard(sha256: string): Promise<void> {
    await remove(this.path(sha256));
  }

  async read(pointer: Pointer): Promise<PlanReading> {
    return this.#verify(pointer, this.#now());
  }

  /** The plan that governed when the power went. Its expiry is no reason to fall silent: its occurrences have their own times. */
  async held(): Promise<{ plan: Plan; pointer: Pointer; heldAt: number } | null> {
    const held = await readOrForget(this.#heldPath, HeldFile);
    if (held === null || !(await this.has(held.pointer.sha256))) return null;
    const reading = await this.#verify(held.pointer, 0);
    return reading.ok ? { plan: reading.plan, ...held } : null;
  }

  /** From now on this plan governs; others are let go. */
  async hold(pointer: Pointer, heldAt: number): Promise<void> {
    await writeWhole(this.#heldPath, JSON.stringify({ pointer, heldAt }));
    for (const name of await readdir(this.#dir)) {
      if (!name.startsWith(pointer.sha256)) await remove(join(this.#dir, name));
    }
  }

  /** No plan governs: there is nothing to play. */
  async clear(): Promise<void> {
    await remove(this.#heldPath);
    for (const name of await readdir(this.#dir)) await remove(join(this.#dir, name));
  }

  async #verify(pointer: Pointer, now: number): Promise<PlanReading> {
    const path = this.path(pointer.sha256);
    if ((await stat(path)).size > 32_000_000) return { ok: false, reason: 'malformed' };
    const jws = (await readFile(path, 'utf8')).trim();
    const verified = await verify('plan', jws, this.#controllerKey, {
      audiences: new Set([EVERY_DEVICE]),
      now,
    });
    return verified.ok ? { ok: true, plan: verified.body } : { ok: false, reason: verified.reason };
  }
}
