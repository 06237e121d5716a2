import type { Logger } from 'pino';
import type { Heartbeat } from '#devices/messages/heartbeat';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { LiveEvents } from '../http/contract/events.ts';
import { Repeats } from './repeats.ts';
import { every } from './ticking.ts';

export interface HeartbeatsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
}

export type LiveBeats = Parameters<LiveEvents['heartbeats']>[0];

interface Beat {
  readonly device: string;
  readonly at: number;
  readonly beat: Heartbeat;
}

const FLUSH_MS = 1_000;
/** Two minutes of the heartbeats of ten thousand devices; more than that waits only if the disk is stuck. */
const MOST_PENDING = 40_000;

/**
 * Stores every whole heartbeat at full rate, those of a second in one transaction, keeps each device's last word, and
 * counts the short ones.
 */
export class Heartbeats implements Component {
  readonly #deps: HeartbeatsDeps;
  readonly #listeners = new Set<(beats: LiveBeats) => void>();
  /** What a person sees of a device's heartbeat; only a change of it is announced. */
  readonly #shown = new Map<string, string>();
  readonly #repeats = new Repeats();
  #pending: Beat[] = [];
  #dropped = 0;
  #end: (() => void) | undefined;

  constructor(deps: HeartbeatsDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#end = every(FLUSH_MS, 'storing heartbeats', this.#deps.log, () => this.flush());
  }

  async stop(): Promise<void> {
    this.#end?.();
    this.#repeats.all();
    this.flush();
  }

  /** The live feed: what came in within a second. @returns a function that ends it. */
  onHeartbeats(listener: (beats: LiveBeats) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(device: string, beat: Heartbeat, at: number): void {
    if (this.#pending.length >= MOST_PENDING) {
      this.#dropped += 1;
      return;
    }
    this.#pending.push({ device, beat, at });
    this.#repeats.whole(device, beat, at);
  }

  /** A short heartbeat. @returns false when the whole one that it refers to is not known. */
  same(device: string, n: number, at: number): boolean {
    return this.#repeats.heard(device, n, at);
  }

  /** Stores what is only in memory of one device, so that its chart reaches to now. */
  settle(device: string): void {
    this.#repeats.all(device);
    this.flush();
  }

  flush(): void {
    const beats = this.#pending;
    const repeats = this.#repeats.due(this.#deps.clock.now());
    if (beats.length + repeats.length === 0) return;
    const { sqlite } = this.#deps.store;
    const insert = sqlite.prepare(
      'INSERT OR IGNORE INTO heartbeat (device_id, received_at, body) VALUES (?, ?, ?)',
    );
    const keep = sqlite.prepare(LAST_WORD);
    const store = sqlite.transaction(() => {
      for (const { device, beat, at } of beats) {
        const body = JSON.stringify(beat);
        // After a pause two may be read in the same millisecond; both are kept.
        for (let key = at; insert.run(device, key, body).changes === 0; ) key += 1;
        keep.run({
          device,
          at,
          body,
          revision: beat.desiredRevision,
          planRevision: beat.plan?.revision ?? null,
          planSha256: beat.plan?.sha256 ?? null,
          emptyAt: beat.outbox === 0 ? at : null,
        });
      }
      this.#repeats.write(this.#deps.store, repeats);
    });
    // What was heard in the last seconds may be lost with the power; waiting for the disk every second would hold up
    // everything else. The order of what is written stays, so that the file is whole all the same (SQLite, WAL).
    sqlite.pragma('synchronous = NORMAL');
    try {
      store();
    } finally {
      sqlite.pragma('synchronous = FULL');
    }
    this.#pending = [];
    this.#repeats.written();
    if (this.#dropped > 0) {
      this.#deps.log.error({ dropped: this.#dropped }, 'heartbeats were dropped: the database was too slow');
      this.#dropped = 0;
    }
    this.#announce(beats);
  }

  #announce(beats: readonly Beat[]): void {
    for (const { device, beat } of beats) {
      const shown = JSON.stringify([
        beat.playing?.occurrence,
        beat.plan?.sha256,
        beat.desiredRevision,
        beat.fetching?.blobs,
        beat.volume,
        beat.muted,
        beat.brightness,
        beat.faults,
        beat.board?.mode,
        beat.board?.scene,
        beat.board?.pixelsSha256,
        beat.board?.powered,
        beat.board?.deadPixels,
      ]);
      if (this.#shown.get(device) === shown) continue;
      this.#shown.set(device, shown);
      this.#deps.changes.announce('device', device);
      if (beat.board !== undefined) this.#deps.changes.announce('board', device);
    }
    const live = beats.map(({ device, at, beat }) => ({
      device,
      at,
      levelDbfs: beat.playing?.levelDbfs ?? null,
      playing: beat.playing?.occurrence ?? null,
    }));
    for (const listener of this.#listeners) listener(live);
  }
}

/**
 * `held_plan_since` moves only when the device holds another plan than it did. A revision that is reported was
 * acknowledged, even if the acknowledgement was lost.
 */
const LAST_WORD = `
  UPDATE device SET last_heartbeat = @body, last_heard_at = max(coalesce(last_heard_at, 0), @at),
    reported_at = CASE WHEN reported_revision = @revision THEN coalesce(reported_at, @at) ELSE @at END,
    reported_revision = @revision,
    acknowledged_at = CASE WHEN acknowledged_revision < min(@revision, desired_revision)
      THEN @at ELSE acknowledged_at END,
    acknowledged_revision = max(acknowledged_revision, min(@revision, desired_revision)),
    held_plan_since = CASE WHEN held_plan_sha256 IS @planSha256 AND held_plan_revision IS @planRevision
      THEN held_plan_since ELSE @at END,
    held_plan_sha256 = @planSha256, held_plan_revision = @planRevision,
    outbox_empty_at = coalesce(@emptyAt, outbox_empty_at)
  WHERE id = @device`;
