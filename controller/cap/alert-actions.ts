import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import { Target } from '../http/contract/schedules.ts';
import { devicesOfTargets } from '../timetable/reach.ts';
import { isThere } from './affected.ts';
import type { Alarm, AlarmRequest } from './alarm.ts';
import type { AlertChange, AlertRow, AlertRows } from './alert-rows.ts';
import type { Inbox } from './inbox.ts';
import type { Judgement } from './judgement.ts';
import type { CapReference } from './message.ts';
import { cancellationText } from './spoken.ts';

export interface AlertActionsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly alarm: Alarm;
  readonly inbox: Inbox;
  readonly rows: AlertRows;
}

/** A message that came, judged, and not yet in the table. */
export interface Arrival {
  readonly row: AlertRow;
  readonly references: readonly CapReference[];
  readonly judgement: Judgement;
  /** What becomes of the sender's emergencies. */
  readonly policy: 'play' | 'wait';
}

const EVERYWHERE: readonly Target[] = [{ kind: 'all', id: '' }];

/** What an alert, an update and a cancellation do. Each is written down before it is done, so that a restart finds it. */
export class AlertActions {
  readonly #deps: AlertActionsDeps;

  constructor(deps: AlertActionsDeps) {
    this.#deps = deps;
  }

  /** What stands for itself. */
  async begin(arrival: Arrival): Promise<void> {
    const { row, judgement } = arrival;
    const { course, reason } = judgement;
    switch (course) {
      case 'note':
        return this.enter(arrival, { state: 'noted', reason });
      case 'expire':
        return this.enter(arrival, { state: 'expired', reason });
      case 'ask':
        return this.enter(arrival, { state: 'waiting', reason });
      case 'inbox':
        return this.#putInInbox(arrival);
      case 'sound':
        this.enter(arrival, { state: 'waiting', reason: 'starting' });
        return await this.sound(row);
    }
  }

  /** @param earlier what it follows, of the same sender and status, the newest first. */
  async update(arrival: Arrival, earlier: readonly AlertRow[]): Promise<void> {
    const { row, judgement, policy } = arrival;
    const { course, reason, affected } = judgement;
    if (course === 'note' && reason !== 'below-level' && reason !== 'no-devices') {
      this.enter(arrival, { state: 'noted', reason });
      return;
    }
    const active = earlier.find((each) => this.isActive(each));
    await this.#supersede(
      earlier.filter((each) => each !== active),
      'superseded',
      row.sender,
    );
    const incident = active?.incident_id ?? null;
    if (active === undefined || incident === null) {
      await this.begin(arrival);
      return;
    }
    if (course === 'expire') {
      this.enter(arrival, { state: 'expired', reason, follows_id: active.id });
      return;
    }
    if (policy === 'play' && course === 'sound' && !this.#covers(incident, affected.devices)) {
      // It spread: whom it newly concerns must hear all of it.
      await this.begin(arrival);
      this.change(active.id, { state: 'superseded', reason: null });
      await this.#deps.alarm.allClear(incident, null, row.sender);
      return;
    }
    const decided = policy === 'play' && course !== 'ask' && reason !== 'no-devices';
    const why = course === 'ask' ? reason : 'downgraded';
    this.enter(arrival, { state: 'waiting', reason: decided ? 'starting' : why, follows_id: active.id });
    if (decided) await this.#tried(row, () => this.updateIncident(row, incident, active, row.sender));
  }

  /** @param earlier as for `update`. */
  async cancel(arrival: Arrival, earlier: readonly AlertRow[]): Promise<void> {
    const { row, judgement } = arrival;
    const { course, reason } = judgement;
    if (course === 'note' || earlier.length === 0) {
      this.enter(arrival, { state: 'noted', reason: course === 'note' ? reason : 'unknown-reference' });
      return;
    }
    const active = earlier.find((each) => this.isActive(each));
    await this.#supersede(
      earlier.filter((each) => each !== active),
      'cancelled',
      row.sender,
    );
    const incident = active?.incident_id ?? null;
    if (active === undefined || incident === null) {
      this.enter(arrival, { state: 'noted', reason: 'done' });
      return;
    }
    const words = row.words === '' ? cancellationText(active) : row.words;
    const following = { ...row, words, title: active.title, follows_id: active.id };
    const decided = course === 'sound';
    this.enter({ ...arrival, row: following }, { state: 'waiting', reason: decided ? 'starting' : reason });
    if (decided)
      await this.#tried(following, () => this.endIncident(following, incident, active, row.sender));
  }

  /** Draws an incident up and sends it. What fails waits for a person, with the reason. */
  async sound(row: AlertRow): Promise<void> {
    const { alarm } = this.#deps;
    await this.#tried(row, async () => {
      const incident = await alarm.drawUp(this.requestOf(row, row.sender));
      this.change(row.id, { incident_id: incident });
      await alarm.sound(incident, row.sender);
      this.change(row.id, { state: 'playing', reason: null });
    });
  }

  /** @throws what the alarm throws; nothing is changed then. */
  async updateIncident(row: AlertRow, incident: string, followed: AlertRow, by: string): Promise<void> {
    const siren = row.level === 'emergency';
    await this.#deps.alarm.update(incident, { heading: row.title, text: row.words, siren }, by);
    this.change(followed.id, { state: 'superseded', reason: null });
    this.change(row.id, { state: 'playing', reason: null, incident_id: incident });
  }

  /** @throws what the alarm throws; nothing is changed then. */
  async endIncident(row: AlertRow, incident: string, followed: AlertRow, by: string): Promise<void> {
    await this.#deps.alarm.allClear(incident, row.words, by);
    this.change(followed.id, { state: 'cancelled', reason: null });
    this.change(row.id, { state: 'noted', reason: 'done' });
  }

  /** Takes back an incident that was drawn up for it and not sent. */
  async dropDraft(row: AlertRow, by: string): Promise<void> {
    const { alarm } = this.#deps;
    if (row.incident_id === null) return;
    const state = alarm.look(row.incident_id)?.state;
    if (state === 'draft' || state === 'waiting') await alarm.cancel(row.incident_id, by);
  }

  requestOf(row: AlertRow, by: string): AlarmRequest {
    const { store, clock } = this.#deps;
    const left = row.expires === null ? 60 : Math.ceil((row.expires - clock.now()) / 60_000);
    const targets = Target.array()
      .parse(JSON.parse(row.targets))
      .filter((target) => isThere(store, target));
    return {
      ...{ source: 'cap', title: row.title, heading: row.title, text: row.words, language: row.language, by },
      // Whose areas nobody can tell from a description alone is everybody's until a person says otherwise.
      targets: targets.length === 0 ? EVERYWHERE : targets,
      minutes: Math.min(1_440, Math.max(1, left)),
      drill: row.drill,
    };
  }

  isActive({ incident_id }: AlertRow): boolean {
    return incident_id !== null && this.#deps.alarm.look(incident_id)?.state === 'active';
  }

  enter({ row, references }: Arrival, change: AlertChange): void {
    this.#deps.rows.insert({ ...row, ...change }, references);
    this.#deps.changes.announce('alert', row.id);
  }

  change(id: string, change: AlertChange): void {
    this.#deps.rows.change(id, change, this.#deps.clock.now());
    this.#deps.changes.announce('alert', id);
  }

  #putInInbox(arrival: Arrival): void {
    const { row } = arrival;
    const bulletin = this.#deps.inbox.put({
      sender: row.sender,
      externalId: `${row.identifier} ${new Date(row.sent).toISOString()}`,
      level: row.level === 'priority' ? 'priority' : 'normal',
      ...{ title: row.title, text: row.words, language: row.language, expiresAt: row.expires },
    });
    this.enter(arrival, { state: 'noted', reason: 'bulletin', bulletin_id: bulletin });
  }

  async #tried(row: AlertRow, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.#deps.log.error({ err, alert: row.id }, 'an alert could not be sounded; it waits for a person');
      this.change(row.id, { state: 'waiting', reason: err instanceof Failure ? err.code : 'not-sounded' });
    }
  }

  /** What an update or a cancellation has overtaken before it was heard. */
  async #supersede(rows: readonly AlertRow[], state: 'superseded' | 'cancelled', by: string): Promise<void> {
    for (const row of rows) {
      if (row.bulletin_id !== null) this.#deps.inbox.withdraw(row.bulletin_id, state);
      if (row.state !== 'waiting' && row.state !== 'noted') continue;
      this.change(row.id, { state, reason: null });
      await this.dropDraft(row, by);
    }
  }

  #covers(incident: string, devices: ReadonlySet<string>): boolean {
    const warned = devicesOfTargets(this.#deps.store, this.#deps.alarm.look(incident)?.targets ?? []);
    return [...devices].every((id) => warned.has(id));
  }
}
