import type { Alarm } from '../cap/alarm.ts';
import type { Inbox } from '../cap/inbox.ts';
import type { Component } from '../component.ts';
import { Failure } from '../failure.ts';
import type { Bulletin } from '../http/contract/bulletins.ts';
import { type BulletinChange, type BulletinRow, BulletinRows, type Move } from './bulletin-rows.ts';
import { Emergencies } from './emergencies.ts';
import { digestOf, type Incoming, rowOf, unseen, type Withdrawal } from './incoming.ts';
import { Lines } from './lines.ts';
import { Outcomes } from './outcomes.ts';
import type { Person } from './person.ts';
import { Scheduling, type SchedulingDeps, type Wanted } from './scheduling.ts';

export interface BulletinsDeps extends Omit<SchedulingDeps, 'rows' | 'move'> {
  readonly alarm: Alarm;
}

const TICK_MS = 30_000;
const OVER = ['played', 'refused', 'withdrawn'];
/** Nothing is waited for any more. */
const CLEARED: BulletinChange = { wish: null, collisions: '[]' };

/**
 * The inbox of what is sent down to the ward (R1, R4). An emergency is sounded at once; the rest waits for a person.
 * What is done to one bulletin is done one after the other, so that a revision never races with what it revises: what comes
 * twice or late changes nothing.
 */
export class Bulletins implements Component, Inbox {
  readonly rows: BulletinRows;
  readonly #deps: BulletinsDeps;
  readonly #scheduling: Scheduling;
  readonly #emergencies: Emergencies;
  readonly #outcomes: Outcomes;
  readonly #lines = new Lines();
  #tick: NodeJS.Timeout | undefined;

  constructor(deps: BulletinsDeps) {
    this.#deps = deps;
    this.rows = new BulletinRows(deps.store);
    const inner = { ...deps, rows: this.rows, move: this.#move.bind(this) };
    this.#scheduling = new Scheduling(inner);
    this.#emergencies = new Emergencies(inner);
    this.#outcomes = new Outcomes(inner);
  }

  async start(): Promise<void> {
    const { log } = this.#deps;
    this.#outcomes.start();
    for (const { id } of this.rows.unfinished()) {
      void this.#inLine(id, () => this.#act(this.rows.get(id)));
    }
    this.#tick = setInterval(() => {
      this.lapse().catch((err: unknown) => log.error({ err }, 'bulletins could not be put aside'));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#tick);
    this.#outcomes.stop();
    this.#scheduling.stop();
    await this.#lines.over();
  }

  /**
   * Takes a bulletin in.
   * @throws Failure 409 `revision-reused` for the same revision with other words; what an update of one that is on the
   *   air throws.
   */
  receive(incoming: Incoming): Promise<Bulletin> {
    const { sender, externalId, revision } = incoming;
    return this.#lines.after(nameOf({ sender, external_id: externalId }), async () => {
      const known = this.rows.byName(sender, externalId);
      const digest = digestOf(incoming);
      if (known === undefined) {
        const row = this.#enter(rowOf(incoming, digest, this.#now));
        await this.#act(row);
        return this.#view(row.id);
      }
      if (revision < known.revision) return this.#view(known.id);
      if (revision > known.revision) await this.#revise(known, incoming, digest);
      else if (known.digest !== digest && known.digest !== '') {
        const detail = `Revision ${revision} of ${externalId} came before, and said something else. Send it with a higher one.`;
        throw new Failure('revision-reused', detail, { status: 409, params: { externalId, revision } });
      }
      return this.#view(known.id);
    });
  }

  /** The sender takes it back; also before it has come. What was played stays played. */
  recall(withdrawal: Withdrawal): Promise<Bulletin> {
    const { sender, externalId, revision, reason } = withdrawal;
    return this.#lines.after(nameOf({ sender, external_id: externalId }), async () => {
      const known = this.rows.byName(sender, externalId);
      if (known === undefined) {
        return this.#view(this.#enter({ ...unseen(withdrawal, this.#now), state: 'withdrawn', reason }).id);
      }
      const done = known.state === 'withdrawn' || known.reason === 'withdrawn-after';
      if (revision < known.revision || done) return this.#view(known.id);
      await this.#takeOff(known, sender);
      // It was heard: that is not undone by taking it back.
      const heard = known.state === 'played';
      const move: Move = {
        state: heard ? 'played' : 'withdrawn',
        by: sender,
        reason: heard ? 'withdrawn-after' : reason,
      };
      this.#move(known.id, move, { ...CLEARED, revision });
      return this.#view(known.id);
    });
  }

  /** As `Inbox`: of an alert; never an emergency, and there once. */
  put(item: Parameters<Inbox['put']>[0]): string {
    const known = this.rows.byName(item.sender, item.externalId);
    if (known !== undefined) return known.id;
    const incoming: Incoming = { ...item, revision: 1, audioUrl: null, wantedAt: null, targets: [] };
    return this.#enter(rowOf(incoming, digestOf(incoming), this.#now)).id;
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
    return this.#inLine(id, async () => {
      const row = this.#open(id);
      if (row.level === 'emergency') await this.#emergencies.sound(row);
      else if (row.state === 'received') await this.#scheduling.accept(row, by);
      return this.#view(id);
    });
  }

  /** Puts it on the air at a moment; see {@link Scheduling.schedule}. */
  schedule(id: string, wanted: Wanted, by: Person): Promise<Bulletin> {
    return this.#inLine(id, async () => {
      const row = this.#open(id);
      if (row.state === 'received') await this.#scheduling.accept(row, by);
      await this.#scheduling.schedule(this.rows.get(id), wanted, by);
      return this.#view(id);
    });
  }

  /** @throws Failure 409 `bulletin-not-waiting`. */
  refuse(id: string, reason: string, by: Person): Promise<Bulletin> {
    return this.#inLine(id, async () => {
      this.#scheduling.unschedule(this.#open(id));
      this.#move(id, { state: 'refused', by: by.name, reason }, CLEARED);
      this.#deps.log.info({ audit: 'bulletin', bulletin: id, by: by.name, reason }, 'a bulletin was refused');
      return this.#view(id);
    });
  }

  /** Refuses what nobody took on in time. */
  async lapse(): Promise<void> {
    for (const { id } of this.rows.lapsed(this.#now)) {
      await this.#inLine(id, async () => {
        if (!this.rows.lapsed(this.#now).some((row) => row.id === id)) return;
        this.#move(id, { state: 'refused', by: null, reason: 'expired' }, CLEARED);
      });
    }
  }

  /** New words in the place of the old: whoever took the old ones on has to look again. */
  async #revise(known: BulletinRow, incoming: Incoming, digest: string): Promise<void> {
    const by = incoming.sender;
    const {
      id: _id,
      received_at: _at,
      sender: _sender,
      external_id: _name,
      ...fresh
    } = rowOf(incoming, digest, this.#now);
    const active = this.#emergencies.active(known);
    if (active !== null && incoming.level === 'emergency') {
      await this.#emergencies.update(active, { ...fresh, sender: by });
      const { revision, title, text } = fresh;
      const move: Move = { state: known.state as Move['state'], by, reason: 'revised' };
      this.#move(known.id, move, { revision, digest, title, text });
      return;
    }
    await this.#takeOff(known, by);
    const { state: _state, reason: _reason, updated_at: _updated, ...change } = fresh;
    this.#move(known.id, { state: 'received', by, reason: 'revised' }, change);
    await this.#act(this.rows.get(known.id));
  }

  /** What a bulletin that has just come asks for. */
  async #act(row: BulletinRow): Promise<void> {
    if (row.expires_at !== null && row.expires_at <= this.#now) {
      this.#move(row.id, { state: 'refused', by: null, reason: 'expired' });
    } else if (row.level === 'emergency') await this.#emergencies.sound(row);
    else if (row.audio_url !== null) this.#scheduling.fetchSound(row);
  }

  /** Takes it off the air and out of the timetable. */
  async #takeOff(row: BulletinRow, by: string): Promise<void> {
    this.#scheduling.unschedule(row);
    await this.#emergencies.end(row, by);
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

  #enter(row: BulletinRow): BulletinRow {
    this.rows.insert(row, row.sender);
    this.#deps.changes.announce('bulletin', row.id);
    return row;
  }

  #move(id: string, move: Move, change: BulletinChange = {}): void {
    this.rows.move(id, move, change, this.#now);
    this.#deps.changes.announce('bulletin', id);
  }

  #view(id: string): Bulletin {
    return this.rows.view(this.rows.get(id));
  }

  async #inLine<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#lines.after(nameOf(this.rows.get(id)), work);
  }

  get #now(): number {
    return Math.round(this.#deps.clock.now());
  }
}

const nameOf = ({ sender, external_id }: Pick<BulletinRow, 'sender' | 'external_id'>): string =>
  `${sender}\n${external_id}`;
