import { Broadcast } from '#devices/broadcast';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { BroadcastState, type BroadcastSummary } from '../http/contract/broadcasts.ts';
import type { Target } from '../http/contract/schedules.ts';
import { Address } from './audience.ts';
import type { Counts } from './shares.ts';

/** What a broadcast is of: content of the library, or a live session, a relay's source, an incident's message. */
export type Origin = BroadcastSummary['content'];

/** A broadcast that is under way, or was stopped so lately that a device which was away may still play it. */
export interface Run {
  readonly id: string;
  readonly addresses: readonly Address[];
  /** Of live sound the longest that it may last, until it has ended. */
  durationMs: number;
  /** Prepared to see who could play it, and never started. */
  readonly rehearsal: boolean;
  /** As devices get it; the latest moment to join is known when the start is. */
  body: Broadcast;
  state: BroadcastState;
  t0: number | null;
  counts: Counts;
  /** When the devices were asked to prepare, and until when they are waited for. */
  askedAt: number;
  deadlineAt: number;
  quorumAt: number | null;
  /** From asking to each device's first word, ms. */
  readonly roundTrips: number[];
  /** Whether it stands in the log. */
  entered: boolean;
  /** Whether those that said nothing to the start were told once more. */
  nudged: boolean;
  timer: { readonly at: number; readonly handle: NodeJS.Timeout } | null;
}

export function runOf(row: Row<'broadcast'>, counts: Counts): Run {
  return {
    id: row.id,
    addresses: Address.array().parse(JSON.parse(row.addresses)),
    durationMs: row.duration_ms,
    rehearsal: row.rehearsal === 1,
    body: Broadcast.parse(JSON.parse(row.body)),
    state: BroadcastState.parse(row.state),
    t0: row.t0,
    counts,
    askedAt: row.created_at,
    deadlineAt: row.created_at + row.patience_ms,
    quorumAt: null,
    roundTrips: [],
    entered: false,
    nudged: false,
    timer: null,
  };
}

export function freshRun(parts: {
  readonly body: Broadcast;
  readonly addresses: readonly Address[];
  readonly counts: Counts;
  readonly durationMs: number;
  readonly now: number;
  readonly patienceMs: number;
  readonly rehearsal?: boolean;
}): Run {
  const { body, addresses, counts, durationMs, now, patienceMs, rehearsal = false } = parts;
  return {
    ...{ id: body.id, body, addresses, counts, durationMs, rehearsal },
    ...{ state: 'preparing', t0: null, askedAt: now, deadlineAt: now + patienceMs, quorumAt: null },
    ...{ roundTrips: [], entered: false, nudged: false, timer: null },
  };
}

/** For so long after it was asked for, a broadcast's devices may fetch its files. */
const FILES_MS = 86_400_000;

/** With the files that its devices may fetch. To be called inside a transaction. */
export function insertRun(
  { sqlite }: Store,
  { id, body, state, t0, addresses, durationMs, counts, rehearsal }: Run,
  asked: {
    readonly targets: readonly Target[];
    readonly content: Origin;
    readonly patienceMs: number;
    readonly by: string | null;
    readonly now: number;
  },
): void {
  const { title, priority, resume, volume = null } = body;
  sqlite
    .prepare(
      `INSERT INTO broadcast (id, title, priority, resume, state, content_kind, content_id, targets, addresses, body,
          duration_ms, volume, patience_ms, created_by, created_at, t0, counts, rehearsal)
        VALUES (@id, @title, @priority, @resume, @state, @kind, @content, @targets, @addresses, @body,
          @durationMs, @volume, @patienceMs, @by, @now, @t0, @counts, @rehearsal)`,
    )
    .run({
      ...{ id, title, priority, resume, state, durationMs, volume, t0 },
      ...{ kind: asked.content.kind, content: asked.content.id },
      ...{ patienceMs: asked.patienceMs, by: asked.by, now: asked.now },
      targets: JSON.stringify(asked.targets),
      addresses: JSON.stringify(addresses),
      body: JSON.stringify(body),
      counts: JSON.stringify(counts),
      rehearsal: rehearsal ? 1 : 0,
    });
  sqlite.prepare('DELETE FROM broadcast_blob WHERE until < ?').run(asked.now);
  const name = sqlite.prepare(
    'INSERT OR IGNORE INTO broadcast_blob (blob_sha256, until, broadcast_id) VALUES (?, ?, ?)',
  );
  // What a board shows for weeks it may lose and fetch again in the last of them.
  const until = Math.max(asked.now + FILES_MS, body.notAfter);
  for (const { sha256 } of body.parts.flatMap(({ renditions, files = [] }) => [...renditions, ...files])) {
    name.run(sha256, until, id);
  }
}

/** What is to go on after a start of the program. */
export function rowsUnderWay({ sqlite }: Store, now: number): Row<'broadcast'>[] {
  return sqlite
    .prepare<[number], Row<'broadcast'>>(
      `SELECT * FROM broadcast WHERE state IN ('preparing', 'started')
        OR (state = 'stopped' AND t0 + duration_ms > ?) ORDER BY id`,
    )
    .all(now);
}

/** Writes how far it came, so that another life of the program can go on from there. */
export function saveRun(
  { sqlite }: Store,
  run: Run,
  ended: { at: number; reason: string | null } | null,
): void {
  sqlite
    .prepare(
      `UPDATE broadcast SET state = @state, t0 = @t0, body = @body, volume = @volume, counts = @counts,
          duration_ms = @durationMs, reason = coalesce(@reason, reason), ended_at = coalesce(@endedAt, ended_at) WHERE id = @id`,
    )
    .run({
      id: run.id,
      state: run.state,
      t0: run.t0,
      durationMs: run.durationMs,
      body: JSON.stringify(run.body),
      volume: run.body.volume ?? null,
      counts: JSON.stringify(run.counts),
      reason: ended?.reason ?? null,
      endedAt: ended?.at ?? null,
    });
}

/** Of a broadcast that is over: how many devices came how far. */
export function saveCounts({ sqlite }: Store, id: string, counts: Counts): void {
  sqlite.prepare('UPDATE broadcast SET counts = ? WHERE id = ?').run(JSON.stringify(counts), id);
}
