import type { Logger } from 'pino';
import { FROZEN } from '../boards/frozen.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { DeviceStatus } from '../http/contract/devices.ts';
import { Deadlines } from './deadlines.ts';
import { type Signs, statusOf } from './status.ts';
import { every } from './ticking.ts';

export interface WatchDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  /** How often devices are expected to be heard. */
  readonly intervalMs: number;
  /** Asks a device for a heartbeat: one is overdue, or was not understood. */
  readonly ask: (device: string) => void;
}

interface Entry extends Signs {
  status: DeviceStatus;
  statusSince: number;
  session: string | null;
  /** The session that is known to be over: late words of it do not bring it back. */
  ended: string | null;
  /** The session that the database knows. */
  written: string | null;
  /** When it was last asked how it does. */
  askedAt: number;
}

const SWEEP_MS = 1_000;
/** A thousand devices that come back together are written together: each write by itself would wait for the disk. */
const WRITE_MS = 200;
/** After a start of the controller devices have so long to come back before they count as gone. */
const BOOT_GRACE_MS = 45_000;
/** A device that answers nothing sensible is not asked again sooner. */
const ASK_AGAIN_MS = 60_000;

/**
 * Keeps the signs of life of every device in memory, and their status in the database whenever it changes. The one
 * place that is told what was heard, and the one that lets time pass.
 */
export class Watch implements Component {
  readonly #deps: WatchDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #deadlines = new Deadlines();
  readonly #ends: (() => void)[] = [];
  readonly #unwritten = new Map<string, { at: number; status: DeviceStatus; reason: string | null }[]>();

  constructor(deps: WatchDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { store, clock } = this.#deps;
    store.sqlite.prepare('UPDATE device SET connected = 0 WHERE connected = 1').run();
    const rows = store.sqlite.prepare<[], Known>(`${KNOWN} WHERE removed_at IS NULL`).all();
    for (const row of rows) this.#remember(row, clock.now() + BOOT_GRACE_MS);
    const { log } = this.#deps;
    this.#ends.push(
      every(SWEEP_MS, 'looking for silent devices', log, () => this.sweep()),
      every(WRITE_MS, 'storing how devices are', log, () => this.flush()),
    );
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    this.flush();
  }

  knows(device: string): boolean {
    return this.#entries.has(device);
  }

  /** A device that was let in, or whose retirement was undone. */
  add(device: string): void {
    const row = this.#deps.store.sqlite
      .prepare<[string], Known>(`${KNOWN} WHERE id = ? AND removed_at IS NULL`)
      .get(device);
    if (row !== undefined) this.#remember(row, this.#deps.clock.now());
  }

  forget(device: string): void {
    this.flush();
    this.#entries.delete(device);
    this.#deadlines.set(device, null);
  }

  /** The device said who it is, or that it is there. @param certain it said so of this session just now. */
  present(device: string, session: string, certain: boolean, at: number): void {
    const entry = this.#entries.get(device);
    if (entry !== undefined) this.#change(device, entry, presence(entry, session, certain, at), at);
  }

  /** The device, or its last will, said that a session is over. Of an older session than the one known it is no news. */
  absent(device: string, session: string, at: number): void {
    const entry = this.#entries.get(device);
    if (entry === undefined || (entry.session !== null && session < entry.session)) return;
    entry.session = session;
    this.#disconnect(device, entry, at);
  }

  /** The embedded broker saw the connection come or go. */
  connection(device: string, connected: boolean, at: number): void {
    const entry = this.#entries.get(device);
    if (entry === undefined) return;
    if (!connected) this.#disconnect(device, entry, at);
    else {
      entry.ended = null;
      if (entry.heard && !entry.connected) {
        this.#change(device, entry, { connected: true, linkSince: at, lastHeardAt: at }, at);
      }
    }
  }

  beat(device: string, session: string, faults: readonly string[], at: number): void {
    const entry = this.#entries.get(device);
    if (entry === undefined) return;
    const faulty = faults.length > 0;
    const signs = {
      ...presence(entry, session, false, at),
      lastBeatAt: at,
      faultyBeats: faulty ? entry.faultyBeats + 1 : 0,
      cleanBeats: faulty ? 0 : entry.cleanBeats + 1,
      fault: faults[0] ?? entry.fault,
    };
    this.#change(device, entry, signs, at);
  }

  /** A short heartbeat: all is as it was, faults too, but for whether a board draws; null where that is as it was too. */
  same(device: string, at: number, frozen: boolean | null = null): void {
    const entry = this.#entries.get(device);
    if (entry === undefined || entry.session === null) return;
    const told = entry.faultyBeats > 0 && entry.fault !== null ? [entry.fault] : [];
    const others = frozen === null ? told : told.filter((fault) => fault !== FROZEN);
    const faults = frozen === true ? [...others, FROZEN] : others;
    this.beat(device, entry.session, faults, at);
  }

  /** Asks for a whole heartbeat, unless that was done a moment ago: a short one was not understood. */
  ask(device: string): void {
    const entry = this.#entries.get(device);
    const now = this.#deps.clock.now();
    if (entry === undefined || now - entry.askedAt < ASK_AGAIN_MS) return;
    entry.askedAt = now;
    this.#deps.ask(device);
  }

  /** When a device was last heard, epoch ms; null when it never was, or is not watched. */
  heardAt(device: string): number | null {
    const entry = this.#entries.get(device);
    return entry === undefined ? null : heardAt(entry);
  }

  /** Lets time act on those whose deadline passed. Called every second; a test calls it with a clock of its own. */
  sweep(): void {
    const now = this.#deps.clock.now();
    const due = this.#deadlines.due(now);
    if (due.length === 0) return;
    for (const device of due) {
      const entry = this.#entries.get(device);
      if (entry === undefined) continue;
      const overdue = this.#change(device, entry, {}, now);
      // Once for each heartbeat that does not come.
      if (!overdue || entry.askedAt >= entry.lastBeatAt) continue;
      entry.askedAt = now;
      this.#deps.ask(device);
    }
  }

  /** Writes what changed since the last time, in one transaction, and announces it. */
  flush(): void {
    if (this.#unwritten.size === 0) return;
    const { store, changes } = this.#deps;
    const unwritten = [...this.#unwritten];
    const write = store.sqlite.prepare(
      'UPDATE device SET status = ?, status_since = ?, connected = ?, session = ?, last_heard_at = ? WHERE id = ?',
    );
    const note = store.sqlite.prepare(
      'INSERT OR REPLACE INTO device_status_change (device_id, at, status, reason) VALUES (?, ?, ?, ?)',
    );
    store.sqlite.transaction(() => {
      for (const [device, turns] of unwritten) {
        for (const { at, status, reason } of turns) note.run(device, at, status, reason);
        const entry = this.#entries.get(device);
        if (entry === undefined) continue;
        const { status, statusSince, connected, session } = entry;
        write.run(status, statusSince, connected ? 1 : 0, session, heardAt(entry), device);
        entry.written = session;
      }
    })();
    this.#unwritten.clear();
    for (const [device] of unwritten) changes.announce('device', device);
  }

  #disconnect(device: string, entry: Entry, at: number): void {
    entry.ended = entry.session;
    if (entry.connected) this.#change(device, entry, { connected: false, linkSince: at }, at);
  }

  /** @returns whether a heartbeat is overdue. */
  #change(device: string, entry: Entry, signs: Partial<Signs>, now: number): boolean {
    const before = entry.connected;
    Object.assign(entry, signs);
    const { status, reason, checkAt, overdue } = statusOf(entry.status, entry, now, this.#deps.intervalMs);
    this.#deadlines.set(device, checkAt);
    const turned = status !== entry.status;
    if (turned) {
      entry.status = status;
      entry.statusSince = now;
    }
    if (!turned && before === entry.connected && entry.written === entry.session) return overdue;
    const turns = this.#unwritten.get(device) ?? [];
    if (turned) turns.push({ at: now, status, reason });
    this.#unwritten.set(device, turns);
    return overdue;
  }

  /** @param since from when on a device that is not connected counts as gone. */
  #remember(row: Known, since: number): void {
    const faulty = row.status === 'fault';
    this.#entries.set(row.id, {
      status: row.status,
      statusSince: row.status_since,
      session: row.session,
      ended: row.session,
      written: row.session,
      heard: row.last_heard_at !== null,
      connected: false,
      linkSince: row.status === 'offline' ? row.status_since : since,
      lastHeardAt: row.last_heard_at ?? 0,
      lastBeatAt: row.last_heard_at ?? 0,
      askedAt: 0,
      faultyBeats: faulty ? 2 : 0,
      cleanBeats: 0,
      fault: null,
    });
    const { checkAt } = statusOf(
      row.status,
      this.#entries.get(row.id) as Entry,
      since,
      this.#deps.intervalMs,
    );
    this.#deadlines.set(row.id, checkAt);
  }
}

interface Known {
  readonly id: string;
  readonly status: DeviceStatus;
  readonly status_since: number;
  readonly session: string | null;
  readonly last_heard_at: number | null;
}
const KNOWN = 'SELECT id, status, status_since, session, last_heard_at FROM device';
const heardAt = (entry: Entry): number | null => (entry.heard ? Math.round(entry.lastHeardAt) : null);

/** What a word of a session says about the connection; a late one of a session that is over does not bring it back. */
function presence(entry: Entry, session: string, certain: boolean, at: number): Partial<Signs> {
  if (entry.ended === session && !certain) return { lastHeardAt: Math.max(at, entry.lastHeardAt) };
  const began = !entry.connected || entry.session !== session;
  entry.session = session;
  entry.ended = null;
  return { heard: true, connected: true, lastHeardAt: at, ...(began ? { linkSince: at } : {}) };
}
