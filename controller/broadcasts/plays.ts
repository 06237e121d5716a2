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
  const enter = sqlite.prepare(
    `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after,
        parts, due_ms, plan_sha256)
      SELECT @occurrence, d.id, @schedule, @title, @priority, @startAt, @endAt, @notAfter, @parts, @dueMs, @plan
      FROM broadcast_device s JOIN device d ON d.id = s.device_id
      WHERE s.broadcast_id = @schedule AND d.kind = @kind AND d.capabilities IN (SELECT value FROM json_each(@alike))
      ON CONFLICT DO UPDATE SET end_at = excluded.end_at, not_after = excluded.not_after, parts = excluded.parts,
        due_ms = excluded.due_ms, plan_sha256 = excluded.plan_sha256 WHERE plan_sha256 = ''`,
  );
  sqlite.transaction(() => {
    for (const duties of dutiesOf(store, broadcast, t0)) enter.run({ ...duties, plan: BY_BROADCAST });
  })();
}

/**
 * What was entered was longer than what was sent in the end: from now on that is due, and no more. A play that was cut
 * before stays cut.
 */
export function shortenPlays(store: Store, broadcast: Broadcast, t0: number): void {
  const { sqlite } = store;
  const shorten = sqlite.prepare(
    `UPDATE play SET end_at = min(end_at, @endAt), not_after = min(not_after, @notAfter), parts = @parts, due_ms = @dueMs
      WHERE occurrence = @occurrence AND device_id IN (
        SELECT d.id FROM broadcast_device s JOIN device d ON d.id = s.device_id
          WHERE s.broadcast_id = @schedule AND d.kind = @kind
            AND d.capabilities IN (SELECT value FROM json_each(@alike)))`,
  );
  sqlite.transaction(() => {
    for (const { occurrence, schedule, kind, alike, endAt, notAfter, parts, dueMs } of dutiesOf(
      store,
      broadcast,
      t0,
    )) {
      shorten.run({ occurrence, schedule, kind, alike, endAt, notAfter, parts, dueMs });
    }
  })();
}

type Duties = ReturnType<typeof playColumns> & { readonly kind: DeviceKind; readonly alike: string };

/** What devices that can play the same were to play; `alike` is JSON of what such devices say of themselves. */
function dutiesOf({ sqlite }: Store, broadcast: Broadcast, t0: number): Duties[] {
  const classes = sqlite
    .prepare<[string], { kind: string; capabilities: string }>(
      `SELECT DISTINCT d.kind, d.capabilities FROM broadcast_device s JOIN device d ON d.id = s.device_id
        WHERE s.broadcast_id = ?`,
    )
    .all(broadcast.id);
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
  return [...alike.values()].flatMap(({ kind, types, capabilities }): Duties[] => {
    const occurrence = occurrenceOf(broadcast, t0, types);
    if (occurrence === null) return [];
    return [{ ...playColumns(occurrence), kind, alike: JSON.stringify(capabilities) }];
  });
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
