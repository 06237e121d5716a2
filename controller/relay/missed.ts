import { listenersOf } from '../broadcasts/audience.ts';
import { playersOf } from '../broadcasts/compose.ts';
import type { Store } from '../database/open.ts';
import { composeLive } from '../live-audio/compose-live.ts';
import { BY_BROADCAST, type PlayParts } from '../playback/play-rows.ts';
import { type Due, dueKey, orderOfDue } from './agenda.ts';

/**
 * Enters a relay of a schedule that did not come to be into the log, for every device that would have heard it: what was
 * due does not vanish. Doing it again changes nothing.
 */
export function enterMissed(store: Store, due: Due, reason: string, now: number): number {
  const { schedule, startAt, endAt } = due;
  const { targets, priority } = orderOfDue(store, due, null);
  const occurrence = dueKey(due);
  const durationMs = endAt - startAt;
  const composition = composeLive(store, {
    id: occurrence,
    title: schedule.title,
    chime: false,
    longestMs: durationMs,
  });
  const listeners = listenersOf(store, targets);
  const able = playersOf(composition, listeners);
  const devices = able.length > 0 ? able : listeners.filter(({ kind }) => kind === 'speaker');
  const parts: PlayParts = composition.parts.map(
    ({ title, renditions, durationMs: lengthMs, offsetMs }, index) => ({
      ...{ index, title, offsetMs, durationMs: lengthMs },
      sha256: renditions[0]?.sha256 ?? '',
    }),
  );
  return store.sqlite
    .prepare(
      `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after, parts, due_ms,
          plan_sha256, verdict, reason, played_ms, verdict_at)
        SELECT @occurrence, value, @schedule, @title, @priority, @startAt, @endAt, @notAfter, @parts, @durationMs,
          @plan, 'missed', @reason, 0, @now FROM json_each(@devices) WHERE true ON CONFLICT DO NOTHING`,
    )
    .run({
      ...{ occurrence, priority, startAt, endAt, durationMs, reason },
      ...{ schedule: schedule.id, title: schedule.title, plan: BY_BROADCAST, now: Math.round(now) },
      notAfter: startAt + schedule.max_lateness_ms,
      parts: JSON.stringify(parts),
      devices: JSON.stringify(devices.map(({ id }) => id)),
    }).changes;
}

export const isMissed = ({ sqlite }: Store, due: Due): boolean =>
  sqlite.prepare<[string], 1>('SELECT 1 FROM play WHERE occurrence = ? LIMIT 1').get(dueKey(due)) !==
  undefined;
