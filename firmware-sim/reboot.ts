import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Order } from './order.ts';
import { readJson, writeWhole } from './whole-file.ts';

const RebootFile = z.object({ id: z.string() });

/** Starting anew by order. Who ordered it learns that it is done when the device is up again: the id waits on disk. */
export class Reboot {
  readonly #path: string;
  readonly #restart: () => void;

  /** @param restart the power goes and comes; on its way when this returns. */
  constructor(dir: string, restart: () => void) {
    this.#path = join(dir, 'reboot.json');
    this.#restart = restart;
  }

  async order(order: Order): Promise<void> {
    order.started();
    // A disk that takes nothing is a reason to start anew, not to refuse: then nobody learns that it is done.
    await writeWhole(this.#path, JSON.stringify({ id: order.id })).catch(() => undefined);
    this.#restart();
  }

  /** After a boot: the order that it was, once; null when it was something else. */
  async done(): Promise<string | null> {
    const kept = await readJson(this.#path, RebootFile).catch(() => null);
    await rm(this.#path, { force: true });
    return kept?.id ?? null;
  }
}
