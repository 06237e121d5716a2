import { type Broadcast, broadcastOccurrenceId, occurrenceOf } from '#devices/broadcast';
import { DeviceKind } from '#devices/kind';
import type { Store } from '../database/open.ts';
import { BY_BROADCAST, playColumns } from '../playback/play-rows.ts';
import { mediaTypesOf } from './compose.ts';

/**
 * Enters a broadcast into the log when its start is known: what each class of devices was to play, for every device
 * that it is for, so that the verdict on a play comes like any other's. Doing it again changes nothing.
 */
export function enterPlays(store: Store, broadcast: Broadcast, t0: number): void {
  const { sqlite } = store;
  const classes = sqlite
    .prepare<[string], { kind: string; capabilities: string }>(
      `SELECT DISTINCT d.kind, d.capabilities FROM broadcast_device s JOIN device d ON d.id = s.device_id
        WHERE s.broadcast_id = ?`,
    )
    .all(broadcast.id);
  const enter = sqlite.prepare(
    `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after,
        parts, due_ms, plan_sha256)
      SELECT @occurrence, d.id, @schedule, @title, @priority, @startAt, @endAt, @notAfter, @parts, @dueMs, @plan
      FROM broadcast_device s JOIN device d ON d.id = s.device_id
      WHERE s.broadcast_id = @schedule AND d.kind = @kind AND d.capabilities = @capabilities
      ON CONFLICT DO UPDATE SET end_at = excluded.end_at, not_after = excluded.not_after, parts = excluded.parts,
        due_ms = excluded.due_ms, plan_sha256 = excluded.plan_sha256 WHERE plan_sha256 = ''`,
  );
  sqlite.transaction(() => {
    for (const { kind, capabilities } of classes) {
      const types = mediaTypesOf(DeviceKind.parse(kind), capabilities);
      const occurrence = occurrenceOf(broadcast, t0, types);
      if (occurrence === null) continue;
      enter.run({ ...playColumns(occurrence), kind, capabilities, plan: BY_BROADCAST });
    }
  })();
}

/**
 * What was stopped is over then: its verdict does not wait for an end that nobody will hear.
 * @param devices null for all of the broadcast.
 */
export function cutPlays(
  { sqlite }: Store,
  { id, t0, now }: { readonly id: string; readonly t0: number; readonly now: number },
  devices: readonly string[] | null,
): void {
  sqlite
    .prepare(
      `UPDATE play SET end_at = max(start_at, @now) WHERE occurrence = @occurrence AND end_at > @now
        AND (@devices IS NULL OR device_id IN (SELECT value FROM json_each(@devices)))`,
    )
    .run({
      now: Math.round(now),
      occurrence: broadcastOccurrenceId(id, t0),
      devices: devices === null ? null : JSON.stringify(devices),
    });
}
