import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { WebSocket } from 'ws';
import { Broadcast } from '#devices/broadcast';
import { LIVE_TYPE, type ResumePolicy } from '#devices/plan';
import type { BlobStore } from '../blobs/store.ts';
import type { Broadcasts } from '../broadcasts/broadcasts.ts';
import { broadcastRow, broadcastSummary } from '../broadcasts/views.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure, notFound } from '../failure.ts';
import type { LiveEnd, LiveSession, MicrophoneState } from '../http/contract/live.ts';
import type { Target } from '../http/contract/schedules.ts';
import type { Policies } from '../policies/policies.ts';
import { composeLive } from './compose-live.ts';
import { chimePackets } from './end-chime.ts';
import type { LiveHub } from './hub.ts';
import type { Recordings } from './recordings.ts';
import { Session } from './session.ts';
import { type SessionRow, SessionRows } from './session-rows.ts';

export interface LiveSessionsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly hub: LiveHub;
  readonly broadcasts: Pick<Broadcasts, 'air' | 'halt' | 'conclude' | 'follow'>;
  readonly recordings: Recordings;
  readonly blobs: BlobStore;
  readonly policies: Pick<Policies, 'read'>;
  readonly ffmpeg: string;
  /** The wall clock of the site, for titles. */
  readonly zone: string;
}

export interface LiveRequest {
  readonly title: string | null;
  readonly targets: readonly Target[];
  readonly resume: ResumePolicy;
  readonly volume: number | null;
  readonly startChime: boolean;
  readonly endChime: boolean;
  readonly by: string | null;
}

/** Who speaks waits no longer than this for devices that are slow to get ready. */
const PATIENCE_MS = 4_000;
const MOST_SESSIONS = 20;
/** After the last sample the sockets stay open for so long, so that the last frame reaches everybody. */
const LINGER_MS = 1_500;

/** The live sessions of microphones: opened, followed, ended, and what was said in them kept. */
export class LiveSessions implements Component {
  readonly #deps: LiveSessionsDeps;
  readonly #rows: SessionRows;
  readonly #sessions = new Map<string, Session>();
  readonly #ends = new Set<Promise<void>>();
  /** What was announced last of each, so that consoles are told of changes alone. */
  readonly #seen = new WeakMap<Session, string>();
  #unfollow: (() => void) | undefined;

  constructor(deps: LiveSessionsDeps) {
    this.#deps = deps;
    this.#rows = new SessionRows(deps.store);
  }

  /** Ends what an earlier life left open, by what was recorded of it. To be called when broadcasts are under way. */
  async start(): Promise<void> {
    this.#unfollow = this.#deps.broadcasts.follow({
      started: (id, t0) => this.#sessions.get(id)?.started(t0),
      over: (id) => this.#sessions.get(id)?.cut('stopped'),
    });
    for (const row of this.#rows.open()) await this.#endAfterCrash(row);
    for (const id of await this.#deps.recordings.left()) {
      const row = this.#rows.find(id);
      if (row?.end == null || row.recording_asset_id !== null) continue;
      this.#mend(row).catch((error: unknown) =>
        this.#deps.log.error({ live: id, err: error }, 'a recording cannot be read'),
      );
    }
  }

  async stop(): Promise<void> {
    for (const session of [...this.#sessions.values()]) session.cut('controller-stopped');
    await Promise.allSettled(this.#ends);
    this.#unfollow?.();
    this.#deps.recordings.stop();
  }

  /**
   * Puts a session on the air: devices get ready and sound the chime, the microphone follows.
   * @throws Failure as `Broadcasts.air`; 409 `too-many-sessions`.
   */
  async open(request: LiveRequest): Promise<LiveSession> {
    const { store, clock, log, hub, broadcasts, recordings, blobs, policies, ffmpeg } = this.#deps;
    if (this.#sessions.size >= MOST_SESSIONS) {
      throw new Failure(
        'too-many-sessions',
        `${MOST_SESSIONS} people speak already; end one of them first.`,
        {
          status: 409,
          params: { limit: MOST_SESSIONS },
        },
      );
    }
    const now = clock.now();
    const id = ulid(now);
    const title = request.title ?? `Trực tiếp ${this.#wallTime(now)}`;
    const longestMs = policies.read('guards').longestMinutes * 60_000;
    const content = { id, title, chime: request.startChime, longestMs };
    const composition = composeLive(store, content);
    const recorder = await recordings.begin(id).catch((error: unknown) => {
      log.error({ live: id, err: error }, 'a live session cannot be recorded');
      return null;
    });
    const endChime = request.endChime ? await chimePackets(store, blobs) : [];
    const session: Session = new Session(
      { store, clock, log, ffmpeg },
      {
        ...{ id, recorder, endChime, longestMs, stream: hub.open(id) },
        offsetMs: composition.durationMs - longestMs,
      },
      {
        onChange: () => this.#progress(session),
        onLook: () => this.#look(session),
        onOver: (end, endAt) => this.#over(session, end, endAt),
      },
    );
    this.#rows.insert({ id, title, endChime: request.endChime, by: request.by, now });
    this.#sessions.set(id, session);
    try {
      const { targets, resume, volume, by } = request;
      await broadcasts.air({
        ...{ id, composition, targets, resume, volume, by, priority: 'live', patienceMs: PATIENCE_MS },
        content: { kind: 'live', id },
      });
    } catch (error) {
      this.#sessions.delete(id);
      hub.close(session.stream);
      this.#rows.forget(id);
      await recorder?.finish().catch(() => {});
      await recordings.adopt(id, { title, by: null }, 0, () => {});
      throw error;
    }
    const asked = this.#rows.asked(id);
    this.#rows.ask(id, asked);
    session.begin(asked);
    return this.view(id);
  }

  /** Ends a session, with its end chime. One that is over stays as it is. @throws Failure `not-found`. */
  end(id: string): LiveSession {
    this.#sessions.get(id)?.finish('by-operator');
    return this.view(id);
  }

  /** Those under way, the newest first. */
  list(): LiveSession[] {
    return this.#rows
      .open()
      .map((row) => this.#viewOf(row))
      .reverse();
  }

  /** @throws Failure `not-found`. */
  view(id: string): LiveSession {
    const row = this.#rows.find(id);
    if (row === undefined) throw notFound('live session', id);
    return this.#viewOf(row);
  }

  /** @returns false when there is no such session under way. */
  attach(id: string, webSocket: WebSocket): boolean {
    const session = this.#sessions.get(id);
    if (session === undefined || session.end !== null) return false;
    session.attach(webSocket);
    return true;
  }

  isOpen(id: string): boolean {
    return this.#sessions.get(id)?.end === null;
  }

  #viewOf(row: SessionRow): LiveSession {
    const session = this.#sessions.get(row.id);
    const arrivals = session?.stream.arrivals();
    return {
      id: row.id,
      title: row.title,
      state: session?.state ?? (row.end === null ? 'ending' : 'ended'),
      end: session?.end ?? row.end,
      targets: broadcastSummary(this.#deps.store, row.id).targets,
      createdAt: row.created_at,
      createdBy: row.created_by,
      onAirAt: session?.onAirAt ?? row.on_air_at,
      endedAt: row.ended_at,
      leadMs: Math.round(session?.leadMs ?? row.lead_ms),
      listening: arrivals?.listening ?? 0,
      asked: row.asked,
      lateShare: arrivals?.lateShare ?? row.late_share,
      recordingAssetId: row.recording_asset_id,
    };
  }

  #look(session: Session): MicrophoneState {
    const { listening, lateShare } = session.stream.arrivals();
    const seen = [session.state, listening, Math.round(lateShare * 100), Math.round(session.leadMs)].join();
    if (seen !== this.#seen.get(session)) {
      this.#seen.set(session, seen);
      this.#progress(session);
    }
    return { type: 'state', session: this.view(session.id), onAirInMs: session.onAirInMs };
  }

  #progress(session: Session): void {
    const { id, leadMs, onAirAt } = session;
    const { lateShare, listening: listened } = session.stream.arrivals();
    try {
      this.#rows.progress(id, { leadMs, lateShare, listened, onAirAt });
    } catch (error) {
      // A full disk silences nobody: what is said goes on, and is told of again a second later.
      this.#deps.log.error({ live: id, err: error }, 'how a live session goes cannot be written down');
    }
    this.#deps.changes.announce('live', id);
  }

  #over(session: Session, end: LiveEnd, endAt: number | null): void {
    const ending = this.#close(session, end, endAt).catch((error: unknown) =>
      this.#deps.log.error({ live: session.id, err: error }, 'a live session could not be ended properly'),
    );
    this.#ends.add(ending);
    void ending.finally(() => this.#ends.delete(ending));
  }

  async #close(session: Session, end: LiveEnd, endAt: number | null): Promise<void> {
    const { broadcasts, clock, changes, hub, log } = this.#deps;
    const { id, stream, recorder } = session;
    const now = clock.now();
    // Who stops it silences the devices now; else they hear what is on its way to them.
    const until = endAt === null ? now : end === 'stopped' ? Math.min(endAt, now) : endAt;
    this.#rows.end(id, end, until);
    log.info({ audit: 'live', live: id, end, onAirAt: session.onAirAt, frames: stream.frames }, 'live: over');
    const over = endAt === null ? broadcasts.halt(id, null) : broadcasts.conclude(id, until);
    await over.catch((error: unknown) => log.warn({ live: id, err: error }, 'devices end it by themselves'));
    this.#sessions.delete(id);
    setTimeout(() => hub.close(stream), Math.max(0, until - clock.now()) + LINGER_MS).unref();
    changes.announce('live', id);
    await recorder
      ?.finish()
      .catch((error: unknown) => log.error({ live: id, err: error }, 'the end of a recording is lost'));
    const row = this.#rows.find(id);
    if (row !== undefined) await this.#keep(row, session.onAirAt === null ? 0 : (recorder?.durationMs ?? 0));
  }

  async #endAfterCrash(row: SessionRow): Promise<void> {
    const { store, broadcasts, clock, recordings, log, changes } = this.#deps;
    const { id } = row;
    const ms = await recordings.mend(id);
    const { t0, body } = broadcastRow(store, id);
    const part = Broadcast.parse(JSON.parse(body)).parts.find(({ renditions }) =>
      renditions.some(({ type }) => type === LIVE_TYPE),
    );
    const endAt = t0 === null ? clock.now() : t0 + (part?.offsetMs ?? 0) + ms;
    this.#rows.end(id, 'controller-stopped', Math.min(endAt, clock.now()));
    await broadcasts
      .conclude(id, endAt)
      .catch((error: unknown) => log.warn({ live: id, err: error }, 'devices end it by themselves'));
    changes.announce('live', id);
  }

  /** What lies there of a session that is over: it was cut off, or the library had no room for it. */
  async #mend(row: SessionRow): Promise<void> {
    const ms = await this.#deps.recordings.mend(row.id);
    await this.#keep(row, row.on_air_at === null ? 0 : ms);
  }

  #keep(row: SessionRow, durationMs: number): Promise<void> {
    const { recordings, changes } = this.#deps;
    const { id, title, created_by: by, created_at: at } = row;
    const time = this.#wallTime(at);
    const recorded = { title: title.includes(time) ? title : `${title} (${time})`, by };
    return recordings.adopt(id, recorded, durationMs, (asset) => {
      this.#rows.keep(id, asset);
      changes.announce('live', id);
    });
  }

  /** `24/11/2026 06:00`, as the people of the site read it. */
  #wallTime(at: number): string {
    const format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: this.#deps.zone, hourCycle: 'h23' },
      ...{ day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    });
    return format.format(at).replace(', ', ' ');
  }
}
