import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { Alarm } from '../cap/alarm.ts';
import type { Inbox } from '../cap/inbox.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { Bulletin } from '../http/contract/bulletins.ts';
import type { Target } from '../http/contract/schedules.ts';
import { Target as TargetSchema } from '../http/contract/schedules.ts';
import { type BulletinChange, type BulletinRow, BulletinRows, type Move } from './bulletin-rows.ts';
import { Outcomes } from './outcomes.ts';
import type { Person } from './person.ts';
import { Scheduling, type SchedulingDeps, type Wanted } from './scheduling.ts';

export interface BulletinsDeps extends Omit<SchedulingDeps, 'rows' | 'move'> {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly alarm: Alarm;
}

/** A bulletin as an adapter hands it over; what is not said is null. */
export interface Incoming {
  readonly sender: string;
  readonly externalId: string;
  readonly revision: number;
  readonly level: 'emergency' | 'priority' | 'normal';
  readonly title: string;
  readonly text: string | null;
  readonly language: string;
  readonly audioUrl: string | null;
  readonly wantedAt: number | null;
  readonly expiresAt: number | null;
  /** Where an emergency is for. */
  readonly targets: readonly Target[];
}

export interface Withdrawal {
  readonly sender: string;
  readonly externalId: string;
  readonly revision: number;
  readonly reason: string | null;
}

const TICK_MS = 30_000;
const LONGEST_ALARM = 2_000;
const OVER = ['played', 'refused', 'withdrawn'];

/**
 * The inbox of what is sent down to the ward (R1, R4). An emergency is sounded at once; the rest waits for a person.
 * One after the other, so that a revision never races with what it revises: what comes twice or late changes nothing.
 */
export class Bulletins implements Component, Inbox {
  readonly rows: BulletinRows;
  readonly #deps: BulletinsDeps;
  readonly #scheduling: Scheduling;
  readonly #outcomes: Outcomes;
  #line: Promise<unknown> = Promise.resolve();
  #tick: NodeJS.Timeout | undefined;

  constructor(deps: BulletinsDeps) {
    this.#deps = deps;
    this.rows = new BulletinRows(deps.store);
    const move = this.#move.bind(this);
    this.#scheduling = new Scheduling({ ...deps, rows: this.rows, move });
    this.#outcomes = new Outcomes({ ...deps, rows: this.rows, move });
  }

  async start(): Promise<void> {
    this.#outcomes.start();
    for (const row of this.rows.unfinished()) this.#begin(row);
    this.#tick = setInterval(() => {
      this.lapse().catch((err: unknown) => this.#deps.log.error({ err }, 'bulletins could not be put aside'));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#tick);
    this.#outcomes.stop();
    this.#scheduling.stop();
    await this.#line;
  }

  /**
   * Takes a bulletin in.
   * @throws Failure 409 `revision-reused` for the same revision with other words.
   */
  receive(incoming: Incoming): Promise<Bulletin> {
    return this.#inLine(async () => {
      const { sender, externalId, revision } = incoming;
      const known = this.rows.byName(sender, externalId);
      const digest = digestOf(incoming);
      if (known === undefined) return this.#view(await this.#enter(incoming, digest));
      if (revision < known.revision) return this.#view(known.id);
      if (revision === known.revision) {
        if (known.digest === digest || known.digest === '') return this.#view(known.id);
        const detail = `Revision ${revision} of ${externalId} came before, and said something else. Send it with a higher one.`;
        throw new Failure('revision-reused', detail, { status: 409, params: { externalId, revision } });
      }
      await this.#revise(known, incoming, digest);
      return this.#view(known.id);
    });
  }

  /** The sender takes it back; also before it has come. What was played stays played. */
  recall({ sender, externalId, revision, reason }: Withdrawal): Promise<Bulletin> {
    return this.#inLine(async () => {
      const known = this.rows.byName(sender, externalId);
      const move: Move = { state: 'withdrawn', by: sender, reason };
      if (known === undefined) {
        const nothing = {
          level: 'normal',
          title: externalId,
          text: null,
          language: 'vi',
          audioUrl: null,
        } as const;
        const incoming = { ...nothing, wantedAt: null, expiresAt: null, targets: [] };
        const row = this.#rowOf({ ...incoming, sender, externalId, revision }, '');
        this.rows.insert({ ...row, state: 'withdrawn', reason }, sender);
        this.#deps.changes.announce('bulletin', row.id);
        return this.#view(row.id);
      }
      const done = known.state === 'withdrawn' || known.reason === 'withdrawn-after';
      if (revision < known.revision || done) return this.#view(known.id);
      await this.#takeOff(known, sender);
      // It was heard: that is not undone by taking it back.
      const heard = known.state === 'played';
      this.#move(known.id, heard ? { ...move, state: 'played', reason: 'withdrawn-after' } : move, {
        revision,
      });
      return this.#view(known.id);
    });
  }

  /** As `Inbox`: of an alert; never an emergency, and there once. */
  put(item: Parameters<Inbox['put']>[0]): string {
    const known = this.rows.byName(item.sender, item.externalId);
    if (known !== undefined) return known.id;
    const incoming: Incoming = { ...item, revision: 1, audioUrl: null, wantedAt: null, targets: [] };
    const row = this.#rowOf(incoming, digestOf(incoming));
    this.rows.insert(row, item.sender);
    this.#deps.changes.announce('bulletin', row.id);
    return row.id;
  }

  /** As `Inbox`. */
  withdraw(id: string, reason: string): void {
    const row = this.rows.get(id);
    if (OVER.includes(row.state)) return;
    this.#scheduling.unschedule(row);
    this.#move(id, { state: 'withdrawn', by: row.sender, reason }, CLEARED);
  }

  /** A person takes it on; its programme is made. @throws Failure 409 `bulletin-not-waiting`; what making it throws. */
  accept(id: string, by: Person): Promise<Bulletin> {
    return this.#inLine(async () => {
      const row = this.#open(id);
      if (row.level === 'emergency' && row.incident_id === null) await this.#sound(row);
      else if (row.state === 'received') await this.#scheduling.accept(row, by);
      return this.#view(id);
    });
  }

  /** Puts it on the air at a moment; see {@link Scheduling.schedule}. */
  schedule(id: string, wanted: Wanted, by: Person): Promise<Bulletin> {
    return this.#inLine(async () => {
      const row = this.#open(id);
      if (row.state === 'received') await this.#scheduling.accept(row, by);
      await this.#scheduling.schedule(this.rows.get(id), wanted, by);
      return this.#view(id);
    });
  }

  /** @throws Failure 409 `bulletin-not-waiting`. */
  refuse(id: string, reason: string, by: Person): Promise<Bulletin> {
    return this.#inLine(async () => {
      this.#scheduling.unschedule(this.#open(id));
      this.#move(id, { state: 'refused', by: by.name, reason }, CLEARED);
      return this.#view(id);
    });
  }

  /** Refuses what nobody took on in time. */
  lapse(): Promise<void> {
    return this.#inLine(async () => {
      for (const { id } of this.rows.lapsed(this.#deps.clock.now())) {
        this.#move(id, { state: 'refused', by: null, reason: 'expired' }, CLEARED);
      }
    });
  }

  async #enter(incoming: Incoming, digest: string): Promise<string> {
    const row = this.#rowOf(incoming, digest);
    this.rows.insert(row, incoming.sender);
    this.#deps.changes.announce('bulletin', row.id);
    await this.#act(row);
    return row.id;
  }

  /** New words in the place of the old: whoever took the old ones on has to look again. */
  async #revise(known: BulletinRow, incoming: Incoming, digest: string): Promise<void> {
    const {
      id: _,
      received_at: __,
      updated_at: ___,
      sender: ____,
      external_id: _____,
      ...fresh
    } = this.#rowOf(incoming, digest);
    const active = this.#activeIncident(known);
    if (active !== null && incoming.level === 'emergency') {
      const message = { heading: incoming.title, text: spokenText(incoming), siren: true };
      await this.#deps.alarm.update(active, message, incoming.sender);
      const { revision, title, text } = incoming;
      const move: Move = { state: known.state as Move['state'], by: incoming.sender, reason: 'revised' };
      this.#move(known.id, move, { revision, digest, title, text });
      return;
    }
    await this.#takeOff(known, incoming.sender);
    const { state: _state, reason: _reason, ...change } = fresh;
    this.#move(known.id, { state: 'received', by: incoming.sender, reason: 'revised' }, change);
    await this.#act(this.rows.get(known.id));
  }

  /** What a bulletin that has just come asks for. */
  async #act(row: BulletinRow): Promise<void> {
    if (row.expires_at !== null && row.expires_at <= this.#deps.clock.now()) {
      this.#move(row.id, { state: 'refused', by: null, reason: 'expired' });
    } else if (row.level === 'emergency') await this.#sound(row);
    else if (row.audio_url !== null) this.#scheduling.fetchSound(row);
  }

  #begin(row: BulletinRow): void {
    void this.#inLine(() => this.#act(this.rows.get(row.id)));
  }

  /** At once (R1). What fails stays in the inbox, with the reason, for a person. */
  async #sound(row: BulletinRow): Promise<void> {
    const { alarm, clock, log, changes } = this.#deps;
    try {
      this.rows.change(row.id, { reason: 'starting' }, clock.now());
      const left = row.expires_at === null ? 60 : Math.ceil((row.expires_at - clock.now()) / 60_000);
      const targets = TargetSchema.array().parse(JSON.parse(row.targets));
      const incident = await alarm.drawUp({
        ...{
          source: 'province',
          title: row.title,
          heading: row.title,
          language: row.language,
          by: row.sender,
        },
        text: spokenText(row),
        targets: targets.length === 0 ? [{ kind: 'all', id: '' }] : targets,
        minutes: Math.min(1_440, Math.max(1, left)),
        drill: null,
      });
      this.rows.change(row.id, { incident_id: incident }, clock.now());
      await alarm.sound(incident, row.sender);
      this.#move(row.id, { state: 'playing', by: row.sender, reason: null });
      log.info({ audit: 'province', bulletin: row.id, incident }, 'an emergency of the province is sounded');
    } catch (err) {
      log.error({ err, bulletin: row.id }, 'an emergency of the province could not be sounded');
      const reason = err instanceof Failure ? err.code : 'failed';
      this.rows.change(row.id, { reason, incident_id: null }, clock.now());
      changes.announce('bulletin', row.id);
    }
  }

  /** Takes it off the air and out of the timetable. */
  async #takeOff(row: BulletinRow, by: string): Promise<void> {
    const { alarm } = this.#deps;
    this.#scheduling.unschedule(row);
    const active = this.#activeIncident(row);
    if (active !== null) await alarm.allClear(active, null, by);
  }

  #activeIncident({ incident_id }: BulletinRow): string | null {
    return incident_id !== null && this.#deps.alarm.look(incident_id)?.state === 'active'
      ? incident_id
      : null;
  }

  #open(id: string): BulletinRow {
    const row = this.rows.get(id);
    if (!OVER.includes(row.state) && row.state !== 'playing') return row;
    throw new Failure(
      'bulletin-not-waiting',
      `“${row.title}” is ${row.state}; there is nothing to decide on.`,
      {
        status: 409,
        params: { title: row.title, state: row.state },
      },
    );
  }

  #move(id: string, move: Move, change: BulletinChange = {}): void {
    this.rows.move(id, move, change, Math.round(this.#deps.clock.now()));
    this.#deps.changes.announce('bulletin', id);
  }

  #view(id: string | BulletinRow): Bulletin {
    return this.rows.view(this.rows.get(typeof id === 'string' ? id : id.id));
  }

  #rowOf(incoming: Incoming, digest: string): BulletinRow {
    const now = Math.round(this.#deps.clock.now());
    return {
      ...{ id: ulid(now), sender: incoming.sender, external_id: incoming.externalId },
      ...{ revision: incoming.revision, digest, level: incoming.level, title: incoming.title.slice(0, 200) },
      ...{ text: incoming.text, language: incoming.language, audio_url: incoming.audioUrl },
      ...{ wanted_at: incoming.wantedAt, expires_at: incoming.expiresAt },
      targets: JSON.stringify(incoming.targets),
      ...{ asset_id: null, programme_id: null, schedule_id: null, incident_id: null },
      ...{ state: 'received', reason: null, wish: null, collisions: '[]' },
      ...{ received_at: now, updated_at: now },
    };
  }

  async #inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(work);
    this.#line = turn.catch(() => {});
    return turn;
  }
}

/** Nothing is waited for any more. */
const CLEARED: BulletinChange = { wish: null, collisions: '[]' };

const spokenText = ({ title, text }: { readonly title: string; readonly text: string | null }): string =>
  (text ?? title).slice(0, LONGEST_ALARM);

function digestOf({
  level,
  title,
  text,
  language,
  audioUrl,
  wantedAt,
  expiresAt,
  targets,
}: Incoming): string {
  const said = JSON.stringify([level, title, text, language, audioUrl, wantedAt, expiresAt, targets]);
  return createHash('sha256').update(said).digest('hex');
}
