import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/store.ts';
import { breathe } from '../breathe.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { every } from '../registry/ticking.ts';

export interface EvidenceSweepDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly blobs: Pick<BlobStore, 'remove'>;
}

const DAY = 86_400_000;
/** What a record of the log names is kept as long as a question about it is to be expected: a year's report, and its review. */
export const PROOF_DAYS = 400;
/** Of the others, which were asked for or taken by sampling, the last so many of each device. */
export const KEPT_EACH = 500;
const SWEEP_MS = 6 * 3_600_000;
const AT_A_TIME = 200;

/**
 * Old evidence goes: a board that takes a picture every quarter of an hour would fill the disk. What the playback log
 * names stays for {@link PROOF_DAYS}; of the rest each device keeps its last {@link KEPT_EACH}.
 * @returns how many pictures and recordings went.
 */
export async function sweepEvidence(
  { sqlite }: Store,
  blobs: Pick<BlobStore, 'remove'>,
  now: number,
): Promise<number> {
  const devices = sqlite
    .prepare<[number, number], string>(
      `SELECT device_id FROM evidence GROUP BY device_id HAVING count(*) > ? OR min(received_at) < ?`,
    )
    .pluck()
    .all(KEPT_EACH, now - PROOF_DAYS * DAY);
  // Joined to nothing, the id is compared as the index has it.
  const old = sqlite.prepare<[object], { id: string; sha256: string }>(
    `SELECT id, sha256 FROM evidence WHERE device_id = @device AND (received_at < @before OR (
        id NOT IN (SELECT id FROM evidence WHERE device_id = @device ORDER BY received_at DESC LIMIT ${KEPT_EACH})
        AND NOT EXISTS (SELECT 1 FROM as_run r WHERE r.record ->> '$.evidence' = evidence.id || '')))
      ORDER BY received_at LIMIT ${AT_A_TIME}`,
  );
  const forget = sqlite.prepare('DELETE FROM evidence WHERE id = ?');
  const named = sqlite.prepare<[object], 1>(
    `SELECT 1 FROM evidence WHERE sha256 = @sha UNION ALL SELECT 1 FROM scene_file WHERE file_sha256 = @sha
      UNION ALL SELECT 1 FROM visual_fit WHERE file_sha256 = @sha
      UNION ALL SELECT 1 FROM visual WHERE @sha IN (source_sha256, thumbnail_sha256, film_sha256) LIMIT 1`,
  );
  let gone = 0;
  for (const device of devices) {
    for (;;) {
      const rows = old.all({ device, before: now - PROOF_DAYS * DAY });
      if (rows.length === 0) break;
      sqlite.transaction(() => {
        for (const { id } of rows) forget.run(id);
      })();
      // The same picture many times, as of a dark board, is one file.
      for (const sha of new Set(rows.map(({ sha256 }) => sha256))) {
        if (named.get({ sha }) === undefined) blobs.remove(sha);
      }
      gone += rows.length;
      await breathe();
    }
  }
  return gone;
}

/** Sweeps every six hours, and at the start. */
export class EvidenceSweep implements Component {
  readonly #deps: EvidenceSweepDeps;
  #end: (() => void) | undefined;
  #work: Promise<unknown> = Promise.resolve();

  constructor(deps: EvidenceSweepDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#sweep();
    this.#end = every(SWEEP_MS, 'clearing away old pictures', this.#deps.log, () => this.#sweep());
  }

  async stop(): Promise<void> {
    this.#end?.();
    await this.#work;
  }

  #sweep(): void {
    const { store, blobs, clock, log } = this.#deps;
    this.#work = sweepEvidence(store, blobs, clock.now()).then(
      (gone) => {
        if (gone > 0) log.info({ pictures: gone }, 'old evidence was cleared away');
      },
      (error: unknown) => log.error({ err: error }, 'old evidence could not be cleared away'),
    );
  }
}
