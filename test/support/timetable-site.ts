import { createHash } from 'node:crypto';
import { generateKeyPair } from 'jose';
import pino from 'pino';
import { Changes } from '#controller/changes';
import { openStore, type Store } from '#controller/database/open';
import { SiteGuards } from '#controller/guards/site-guards';
import { GuardsPolicy } from '#controller/http/contract/policies';
import type { ScheduleBody } from '#controller/http/contract/schedules';
import { PlanShelf } from '#controller/timetable/plan-shelf';
import { Planner } from '#controller/timetable/planner';
import { Schedules } from '#controller/timetable/schedules';
import type { AsRunRecord } from '#devices/as-run';
import type { PlanOccurrence } from '#devices/plan';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Monday 23 November 2026, 05:00 in Hà Nội. */
export const MONDAY_5AM = Date.UTC(2026, 10, 22, 22);

export const shaOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A site with a real database, a real key and a clock that tests turn; nothing runs by itself. */
export interface Site {
  readonly store: Store;
  readonly changes: Changes;
  readonly clock: { at: number; now(): number };
  readonly guards: SiteGuards;
  readonly schedules: Schedules;
  readonly planner: Planner;
  readonly shelf: PlanShelf;
  readonly publicKey: CryptoKey;
  /** Devices that were told to look for another plan, call by call. */
  readonly refreshed: string[][];
  /** An administrator sets other guards. */
  decide(guards: GuardsPolicy): void;
  restartPlanner(): Planner;
}

const ALL_DAY = GuardsPolicy.parse({ allowed: [{ from: '00:00', until: '24:00' }] });

export async function openSite(
  options: { file?: string; at?: number; zone?: string; days?: number; guards?: GuardsPolicy } = {},
): Promise<Site> {
  const { file = ':memory:', at = MONDAY_5AM, zone = 'Asia/Ho_Chi_Minh', days = 30 } = options;
  const store = openStore(file);
  const changes = new Changes();
  const clock = { at, now: () => clock.at };
  const policy = { guards: options.guards ?? ALL_DAY };
  const guards = new SiteGuards({ store, zone, policy: () => policy.guards });
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const refreshed: string[][] = [];
  const makePlanner = () =>
    new Planner({
      store,
      changes,
      clock,
      log: pino({ level: 'silent' }),
      config: { LOA_PLAN_DAYS: days },
      key: { kid: 'test', privateKey },
      guards,
      desired: { refresh: (devices) => void refreshed.push([...devices]) },
    });
  const site = {
    store,
    changes,
    clock,
    guards,
    schedules: new Schedules({ store, clock, changes, guards, config: { LOA_TIMEZONE: zone } }),
    planner: makePlanner(),
    shelf: new PlanShelf(store),
    publicKey,
    refreshed,
    decide: (decided: GuardsPolicy) => {
      policy.guards = decided;
      changes.announce('policy', 'guards');
    },
    restartPlanner: makePlanner,
  };
  return site;
}

export function addArea({ store }: Site, id: string, parent: string | null = null): string {
  store.sqlite
    .prepare('INSERT INTO area (id, parent_id, kind, name, created_at) VALUES (?, ?, ?, ?, 0)')
    .run(id, parent, parent === null ? 'ward' : 'neighbourhood', `Area ${id}`);
  return id;
}

export function addGroup({ store }: Site, id: string, members: readonly string[]): string {
  store.sqlite
    .prepare('INSERT INTO device_group (id, name, created_at) VALUES (?, ?, 0)')
    .run(id, `Group ${id}`);
  const member = store.sqlite.prepare('INSERT INTO device_group_member (group_id, device_id) VALUES (?, ?)');
  for (const device of members) member.run(id, device);
  return id;
}

export function addDevice(
  { store, clock }: Site,
  id: string,
  options: { area?: string; kind?: 'speaker' | 'board'; codecs?: string[]; name?: string } = {},
): string {
  const { area = null, kind = 'speaker', codecs = ['opus', 'mp3'], name = `Cụm ${id}` } = options;
  store.sqlite
    .prepare(
      `INSERT INTO device (id, kind, name, model, serial, area_id, public_key, credential_hash, capabilities,
        status, status_since, connected, last_heard_at, created_at) VALUES (?, ?, ?, 'M', ?, ?, '', '', ?, 'online', 0, 1, ?, 0)`,
    )
    .run(id, kind, name, id, area, JSON.stringify({ codecs: kind === 'board' ? [] : codecs }), clock.now());
  return id;
}

/** A sound that is ready, and a programme of it. */
export function addProgramme(
  { store }: Site,
  id: string,
  options: { durationMs?: number; title?: string; ready?: boolean; notice?: boolean } = {},
): string {
  const { durationMs = 10 * MINUTE, title = `Bản tin ${id}`, ready = true, notice = false } = options;
  const blob = store.sqlite.prepare(
    'INSERT INTO blob (sha256, bytes, type, created_at) VALUES (?, 1000, ?, 0) ON CONFLICT DO NOTHING',
  );
  const [opus, mp3, scene] = ['opus', 'mp3', 'scene'].map((kind) => shaOf(`${kind} ${id}`));
  blob.run(opus, 'audio/ogg');
  blob.run(mp3, 'audio/mpeg');
  blob.run(scene, 'application/vnd.loa.scene+json');
  store.sqlite
    .prepare(
      `INSERT INTO asset (id, title, source, state, duration_ms, opus_sha256, mp3_sha256, created_at, updated_at)
        VALUES (?, ?, 'upload', ?, ?, ?, ?, 0, 0)`,
    )
    .run(`asset-${id}`, title, ready ? 'ready' : 'working', ready ? durationMs : null, opus, mp3);
  store.sqlite
    .prepare(
      'INSERT INTO programme (id, title, asset_id, scene_sha256, notice_duration_ms, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 0, 0)',
    )
    .run(id, title, `asset-${id}`, notice ? scene : null, notice ? 60_000 : null);
  return id;
}

/** A schedule daily at 06:00 on everything, but for what is said. */
export function bodyOf(programme: string, change: Partial<ScheduleBody> = {}): ScheduleBody {
  return {
    title: `Lịch ${programme}`,
    content: { kind: 'programme', id: programme },
    timetable: daily('06:00'),
    targets: [{ kind: 'all', id: '' }],
    priority: 'scheduled',
    resume: 'resume',
    maxLatenessMs: 5 * MINUTE,
    gainDb: 0,
    boardMinutes: null,
    enabled: true,
    ...change,
  };
}

export const daily = (...times: string[]): ScheduleBody['timetable'] => ({
  rule: { kind: 'daily', times, everyDays: 1 },
  startDate: null,
  endDate: null,
  exceptDates: [],
  repeat: { count: 1, gapMs: 0 },
});

/** What a healthy device tells of an occurrence: each part whole and on time. */
export function recordsOf(
  occurrence: PlanOccurrence,
  firstSeq = 1,
  change: Partial<AsRunRecord> = {},
): AsRunRecord[] {
  return occurrence.parts.map((part, index) => {
    const dueAt = occurrence.startAt + part.offsetMs;
    return {
      seq: firstSeq + index,
      occurrence: occurrence.id,
      schedule: occurrence.schedule,
      part: { index, of: occurrence.parts.length },
      priority: occurrence.priority,
      title: part.title,
      sha256: part.sha256,
      dueAt,
      startedAt: dueAt + 12,
      endedAt: dueAt + 12 + part.durationMs,
      clockErrorMs: 3,
      clockSynced: true,
      fromMs: 0,
      playedMs: part.durationMs,
      dueMs: part.durationMs,
      end: 'completed' as const,
      volume: 80,
      muted: false,
      levelDbfs: -18,
      ...change,
    };
  });
}

/** The plan that a device is to hold. */
export function planOf({ shelf }: Site, device: string) {
  const [current] = shelf.current([device]);
  const plan = current === undefined ? null : shelf.read(current.sha256);
  if (current === undefined || plan === null) throw new Error(`${device} has no plan`);
  return { ...plan, sha256: current.sha256 };
}

export const revisionOf = ({ store }: Site, device: string): number | null =>
  store.sqlite
    .prepare<[string], number | null>('SELECT max(revision) FROM device_plan WHERE device_id = ?')
    .pluck()
    .get(device) ?? null;
