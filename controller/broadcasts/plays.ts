import { type Broadcast, broadcastOccurrenceId, occurrenceOf } from '#devices/broadcast';
import { DeviceKind } from '#devices/kind';
import type { MediaType } from '#devices/plan';
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
      WHERE s.broadcast_id = @schedule AND d.kind = @kind AND d.capabilities IN (SELECT value FROM json_each(@alike))
      ON CONFLICT DO UPDATE SET end_at = excluded.end_at, not_after = excluded.not_after, parts = excluded.parts,
        due_ms = excluded.due_ms, plan_sha256 = excluded.plan_sha256 WHERE plan_sha256 = ''`,
  );
  // Each device may tell another size of its cache, or another delay: what counts is what it can play.
  const alike = new Map<
    string,
    { kind: DeviceKind; types: ReadonlySet<MediaType>; capabilities: string[] }
  >();
  for (const { kind: text, capabilities } of classes) {
    const kind = DeviceKind.parse(text);
    const types = mediaTypesOf(kind, capabilities);
    const key = [kind, ...[...types].sort()].join(' ');
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { kind, types, capabilities: [capabilities] });
    else known.capabilities.push(capabilities);
  }
  sqlite.transaction(() => {
    for (const { kind, types, capabilities } of alike.values()) {
      const occurrence = occurrenceOf(broadcast, t0, types);
      if (occurrence === null) continue;
      const columns = playColumns(occurrence);
      enter.run({ ...columns, kind, alike: JSON.stringify(capabilities), plan: BY_BROADCAST });
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
