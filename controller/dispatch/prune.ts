import { breathe } from '../breathe.ts';
import type { Store } from '../database/open.ts';

/** A plan is kept so long after a device was given another one: it may be offline and report by the old one later. */
export const KEEP_PLANS_MS = 7 * 86_400_000;
const BATCH = 50;

/**
 * Throws away plans that no device was to hold for a week. Plays have copied what they need from them. The newest
 * revision of every device stays, so that its revisions go on counting.
 * @param mark of the materialiser: plans that were in force after it are still to be entered in the log.
 * @returns how many plans went.
 */
export async function prunePlans(store: Store, now: number, mark: number): Promise<number> {
  const { sqlite } = store;
  const before = Math.min(now - KEEP_PLANS_MS, mark);
  const forget = sqlite.prepare(
    `DELETE FROM device_plan WHERE (device_id, revision) IN
      (SELECT p.device_id, p.revision FROM device_plan p WHERE p.superseded_at < ? AND EXISTS
        (SELECT 1 FROM device_plan n WHERE n.device_id = p.device_id AND n.revision > p.revision) LIMIT 1000)`,
  );
  while (forget.run(before).changes > 0) await breathe();
  const unused = sqlite
    .prepare<[number, number], string>(
      `SELECT a.plan_sha256 FROM plan_agenda a WHERE a.created_at < ?
        AND NOT EXISTS (SELECT 1 FROM device_plan d WHERE d.plan_sha256 = a.plan_sha256) LIMIT ?`,
    )
    .pluck();
  const drop = ['DELETE FROM plan_blob WHERE plan_sha256 = ?', 'DELETE FROM plan WHERE sha256 = ?'].map(
    (sql) => sqlite.prepare(sql),
  );
  let pruned = 0;
  for (;;) {
    const plans = unused.all(before, BATCH);
    if (plans.length === 0) return pruned;
    sqlite.transaction(() => {
      for (const sha256 of plans) for (const statement of drop) statement.run(sha256);
    })();
    pruned += plans.length;
    await breathe();
  }
}
