import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AsRunRecord } from '#devices/as-run';
import type { Draft } from './outbox.ts';
import { readJson, writeWhole } from './whole-file.ts';

const MarkerFile = z.object({ startAt: z.number(), record: AsRunRecord.omit({ seq: true }) });

/**
 * What would have to be told if the power went now, kept on disk while something plays, and renewed every few
 * seconds. Found at boot, it is the evidence of the play that the power cut ended.
 */
export class NowPlaying {
  readonly #path: string;
  #chain: Promise<void> = Promise.resolve();
  #marked = false;

  constructor(dir: string) {
    this.#path = join(dir, 'now-playing.json');
  }

  read(): Promise<{ startAt: number; record: Draft } | null> {
    return readJson(this.#path, MarkerFile);
  }

  mark(startAt: number, record: Draft): Promise<void> {
    return this.#inTurn(async () => {
      await writeWhole(this.#path, JSON.stringify({ startAt, record }), { durable: !this.#marked });
      this.#marked = true;
    });
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      this.#marked = false;
      await rm(this.#path, { force: true });
    });
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#chain.then(act);
    this.#chain = turn.catch(() => undefined);
    return turn;
  }
}
