import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { Alert } from '../http/contract/alerts.ts';
import type { Target } from '../http/contract/schedules.ts';
import type { Policies } from '../policies/policies.ts';
import { devicesOfTargets } from '../timetable/reach.ts';
import { affectedBy, isThere } from './affected.ts';
import type { Alarm } from './alarm.ts';
import { type AlertChange, type AlertRow, AlertRows, viewOf } from './alert-rows.ts';
import type { Inbox } from './inbox.ts';
import { type Admitted, admit, NotAdmitted } from './intake.ts';
import { type Judgement, judge } from './judgement.ts';
import { rowOf, rowOfRefused } from './new-row.ts';
import { cancellationText } from './spoken.ts';

export interface AlertsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly policies: Policies;
  readonly alarm: Alarm;
  readonly inbox: Inbox;
}

/** What became of a message that came. */
export interface Received {
  readonly alert: Alert;
  /** It had come before; nothing was done. */
  readonly duplicate: boolean;
}

/** Beyond so many that wait to be worked on, the sender is asked to come again. */
const MOST_WAITING = 100;
const TICK_MS = 15_000;
/** What was begun so long before a restart is for a person to decide. */
const FRESH_MS = 10 * 60_000;
const EVERYWHERE: readonly Target[] = [{ kind: 'all', id: '' }];

/**
 * Alerts by CAP 1.2: taken in one after the other, so that what was sent as a replacement never races with what it
 * replaces; whichever comes first, both end in the same place.
 */
export class Alerts implements Component {
  readonly rows: AlertRows;
  readonly #deps: AlertsDeps;
  #line: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #tick: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(deps: AlertsDeps) {
    this.#deps = deps;
    this.rows = new AlertRows(deps.store);
  }

  async start(): Promise<void> {
    const { changes, log } = this.#deps;
    this.#stopListening = changes.listen((entity, id) => {
      if (entity === 'incident') queueMicrotask(() => this.#follow(id));
    });
    for (const row of this.rows.begun()) this.#resume(row);
    this.#tick = setInterval(() => {
      try {
        this.lapse();
      } catch (err) {
        log.error({ err }, 'alerts that hold no longer could not be put aside');
      }
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#tick);
    this.#stopListening?.();
    await this.#line;
  }

  /**
   * Takes a message in and does what it asks for, by the rules of the site.
   * @param vouched as in `admit`. @param via the webhook, or the address of the feed.
   * @throws CapRefusal, Failure 401 `not-signed-in`, 503 `too-many-alerts`.
   */
  async receive(bytes: Uint8Array, via: string, vouched: boolean): Promise<Received> {
    const { policies, log } = this.#deps;
    let admitted: Admitted;
    try {
      admitted = admit(bytes, policies.read('cap'), vouched);
    } catch (error) {
      if (!(error instanceof NotAdmitted)) throw error;
      this.#keepRefused(error, via);
      throw error.refusal;
    }
    if (this.#waiting >= MOST_WAITING) {
      const detail = `${MOST_WAITING} alerts are being worked on; send it again in a moment.`;
      throw new Failure('too-many-alerts', detail, { status: 503 });
    }
    const received = await this.#inLine(() => this.#take(admitted, via));
    if (!received.duplicate) {
      const { id, sender, identifier, msgType, state, reason } = received.alert;
      log.info(
        { audit: 'cap', alert: id, sender, identifier, msgType, via, state, reason },
        'an alert came in',
      );
    }
    return received;
  }

  /**
   * A person takes a waiting alert on. @returns the incident: drawn up, to be confirmed; or the active one that was
   * updated or ended.
   * @throws Failure `not-found`, 409 `alert-not-waiting`.
   */
  accept(id: string, by: string): Promise<string> {
    return this.#inLine(async () => {
      const { alarm } = this.#deps;
      const row = this.#waitingRow(id);
      const followed = row.follows_id === null ? null : this.rows.get(row.follows_id);
      const incident = followed?.incident_id ?? null;
      if (incident !== null && alarm.look(incident)?.state === 'active') {
        if (row.msg_type === 'Cancel') await this.#endFor(row, incident, followed, by);
        else await this.#updateFor(row, incident, followed, row.level === 'emergency', by);
        return incident;
      }
      if (row.msg_type === 'Cancel') {
        throw new Failure('alert-not-waiting', 'What it cancels is over already; there is nothing to end.', {
          status: 409,
        });
      }
      const draft = row.incident_id === null ? null : alarm.look(row.incident_id);
      if (row.incident_id !== null && (draft?.state === 'draft' || draft?.state === 'waiting'))
        return row.incident_id;
      const drawn = await alarm.drawUp(this.#requestOf(row, by));
      this.#change(row.id, { incident_id: drawn, reason: 'accepted' });
      return drawn;
    });
  }

  /** A person leaves a waiting alert unplayed. @throws Failure `not-found`, 409 `alert-not-waiting`. */
  dismiss(id: string, reason: string, by: string): Promise<Alert> {
    return this.#inLine(async () => {
      const row = this.#waitingRow(id);
      this.#change(id, { state: 'dismissed', reason });
      await this.#dropDraft(row, by);
      this.#deps.log.info({ audit: 'cap', alert: id, by, reason }, 'an alert was dismissed');
      return viewOf(this.rows.get(id));
    });
  }

  /** Puts aside the waiting ones that hold no longer. */
  lapse(): void {
    for (const row of this.rows.lapsed(this.#deps.clock.now())) {
      if (row.reason === 'starting') continue;
      this.#change(row.id, { state: 'expired', reason: 'expired' });
      this.#dropDraft(row, row.sender).catch((err: unknown) => {
        this.#deps.log.warn({ err, alert: row.id }, 'the incident drawn up for an expired alert remains');
      });
    }
  }

  async #take(admitted: Admitted, via: string): Promise<Received> {
    const { message, sender } = admitted;
    const known = this.rows.byName(message);
    if (known !== undefined && known.state !== 'refused') return { alert: viewOf(known), duplicate: true };
    if (known !== undefined) this.rows.forget(known.id);
    const judgement = this.#judge(admitted);
    const overtaken = this.rows.overtaking(message, message.status);
    const row = rowOf(ulid(), admitted, judgement, via, this.#deps.clock.now());
    if (overtaken !== undefined) {
      const state = overtaken.msg_type === 'Cancel' ? 'cancelled' : 'superseded';
      this.#insert({ ...row, state, reason: 'overtaken' }, admitted);
      return { alert: viewOf(this.rows.get(row.id)), duplicate: false };
    }
    // Of another sender's alerts, and of real ones in an exercise, nobody but their own sender disposes.
    const own = message.references.filter((reference) => reference.sender === message.sender);
    const earlier = this.rows.named(own).filter(({ status }) => status === message.status);
    if (message.msgType === 'Cancel') await this.#cancel(row, admitted, judgement, earlier);
    else if (message.msgType === 'Update')
      await this.#update(row, admitted, judgement, earlier, sender.policy);
    else await this.#begin(row, admitted, judgement);
    return { alert: viewOf(this.rows.get(row.id)), duplicate: false };
  }

  /** What stands for itself. */
  async #begin(row: AlertRow, admitted: Admitted, { course, reason }: Judgement): Promise<void> {
    switch (course) {
      case 'note':
        return this.#insert({ ...row, state: 'noted', reason }, admitted);
      case 'expire':
        return this.#insert({ ...row, state: 'expired', reason }, admitted);
      case 'ask':
        return this.#insert({ ...row, state: 'waiting', reason }, admitted);
      case 'inbox':
        return this.#putInInbox(row, admitted);
      case 'sound':
        this.#insert({ ...row, state: 'waiting', reason: 'starting' }, admitted);
        return this.#sound(row);
    }
  }

  #putInInbox(row: AlertRow, admitted: Admitted): void {
    const bulletin = this.#deps.inbox.put({
      sender: row.sender,
      externalId: `${row.identifier} ${new Date(row.sent).toISOString()}`,
      level: row.level === 'priority' ? 'priority' : 'normal',
      ...{ title: row.title, text: row.words, language: row.language, expiresAt: row.expires },
    });
    this.#insert({ ...row, state: 'noted', reason: 'bulletin', bulletin_id: bulletin }, admitted);
  }

  /** What fails waits for a person, with the reason. */
  async #sound(row: AlertRow): Promise<void> {
    const { alarm, log } = this.#deps;
    try {
      const incident = await alarm.drawUp(this.#requestOf(row, row.sender));
      this.#change(row.id, { incident_id: incident });
      await alarm.sound(incident, row.sender);
      this.#change(row.id, { state: 'playing', reason: null });
    } catch (err) {
      const code = err instanceof Failure ? err.code : 'failed';
      log.error({ err, alert: row.id }, 'an alert could not be sounded; it waits for a person');
      this.#change(row.id, { reason: code });
    }
  }

  async #update(
    row: AlertRow,
    admitted: Admitted,
    judgement: Judgement,
    earlier: readonly AlertRow[],
    policy: 'play' | 'wait',
  ): Promise<void> {
    const { course, reason, affected } = judgement;
    const ignored = course === 'note' && reason !== 'below-level' && reason !== 'no-devices';
    if (ignored) return this.#insert({ ...row, state: 'noted', reason }, admitted);
    const active = earlier.find((each) => this.#isActive(each));
    await this.#supersede(
      earlier.filter((each) => each !== active),
      'superseded',
      row.sender,
    );
    const incident = active?.incident_id ?? null;
    if (active === undefined || incident === null) return this.#begin(row, admitted, judgement);
    const following = { ...row, follows_id: active.id };
    if (course === 'expire') return this.#insert({ ...following, state: 'expired', reason }, admitted);
    const covered = this.#covers(incident, affected.devices);
    if (policy === 'play' && course === 'sound' && !covered) {
      // It spread: whom it newly concerns must hear all of it.
      await this.#begin(row, admitted, judgement);
      await this.#deps.alarm.allClear(incident, null, row.sender);
      return this.#change(active.id, { state: 'superseded', reason: null });
    }
    const decided = policy === 'play' && reason !== 'no-devices' && course !== 'ask';
    const why = course === 'sound' || course === 'ask' ? (reason ?? 'policy-wait') : 'downgraded';
    this.#insert({ ...following, state: 'waiting', reason: decided ? 'starting' : why }, admitted);
    if (decided) await this.#updateFor(following, incident, active, course === 'sound', row.sender);
  }

  async #cancel(
    row: AlertRow,
    admitted: Admitted,
    { course, reason }: Judgement,
    earlier: readonly AlertRow[],
  ): Promise<void> {
    if (course === 'note') return this.#insert({ ...row, state: 'noted', reason }, admitted);
    if (earlier.length === 0)
      return this.#insert({ ...row, state: 'noted', reason: 'unknown-reference' }, admitted);
    const active = earlier.find((each) => this.#isActive(each));
    await this.#supersede(
      earlier.filter((each) => each !== active),
      'cancelled',
      row.sender,
    );
    if (active?.incident_id == null)
      return this.#insert({ ...row, state: 'noted', reason: 'done' }, admitted);
    const following = {
      ...row,
      follows_id: active.id,
      title: active.title,
      words: row.words || cancellationText(active),
    };
    this.#insert(
      { ...following, state: 'waiting', reason: course === 'sound' ? 'starting' : reason },
      admitted,
    );
    if (course === 'sound') await this.#endFor(following, active.incident_id, active, row.sender);
  }

  async #updateFor(
    row: AlertRow,
    incident: string,
    followed: AlertRow | null,
    siren: boolean,
    by: string,
  ): Promise<void> {
    await this.#tried(row, () =>
      this.#deps.alarm.update(incident, { heading: row.title, text: row.words, siren }, by),
    );
    if (followed !== null) this.#change(followed.id, { state: 'superseded', reason: null });
    this.#change(row.id, { state: 'playing', reason: null, incident_id: incident });
  }

  async #endFor(row: AlertRow, incident: string, followed: AlertRow | null, by: string): Promise<void> {
    if (followed !== null) this.#change(followed.id, { state: 'cancelled', reason: null });
    await this.#tried(row, () => this.#deps.alarm.allClear(incident, row.words, by));
    this.#change(row.id, { state: 'noted', reason: 'done' });
  }

  async #tried(row: AlertRow, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#change(row.id, { state: 'waiting', reason: error instanceof Failure ? error.code : 'failed' });
      throw error;
    }
  }

  /** What an update or a cancellation has overtaken before it was heard. */
  async #supersede(rows: readonly AlertRow[], state: 'superseded' | 'cancelled', by: string): Promise<void> {
    for (const row of rows) {
      if (row.bulletin_id !== null) this.#deps.inbox.withdraw(row.bulletin_id, state);
      if (!['waiting', 'noted'].includes(row.state)) continue;
      this.#change(row.id, { state, reason: null });
      await this.#dropDraft(row, by);
    }
  }

  async #dropDraft(row: AlertRow, by: string): Promise<void> {
    const { alarm } = this.#deps;
    if (row.incident_id === null) return;
    const state = alarm.look(row.incident_id)?.state;
    if (state === 'draft' || state === 'waiting') await alarm.cancel(row.incident_id, by);
  }

  /** An incident came further: so did the alerts that it is of. */
  #follow(incident: string): void {
    const { alarm, log } = this.#deps;
    try {
      const view = alarm.look(incident);
      for (const row of this.rows.ofIncident(incident)) {
        if (view?.state === 'active' && row.state === 'waiting')
          this.#change(row.id, { state: 'playing', reason: null });
        if (view?.state === 'cleared' || view?.state === 'expired')
          this.#change(row.id, { state: 'played', reason: null });
        if (view?.state === 'cancelled' && row.state === 'waiting' && row.reason === 'accepted') {
          this.#change(row.id, { reason: 'incident-cancelled', incident_id: null });
        }
      }
    } catch (err) {
      log.error({ err, incident }, 'what became of an alert could not be noted');
    }
  }

  #resume(row: AlertRow): void {
    const { clock, log } = this.#deps;
    const fresh =
      row.received_at > clock.now() - FRESH_MS && row.incident_id === null && row.follows_id === null;
    if (!fresh) return this.#change(row.id, { reason: 'interrupted' });
    this.#inLine(() => this.#sound(row)).catch((err: unknown) =>
      log.error({ err }, 'an alert could not be resumed'),
    );
  }

  #isActive({ incident_id }: AlertRow): boolean {
    return incident_id !== null && this.#deps.alarm.look(incident_id)?.state === 'active';
  }

  #covers(incident: string, devices: ReadonlySet<string>): boolean {
    const warned = devicesOfTargets(this.#deps.store, this.#deps.alarm.look(incident)?.targets ?? []);
    return [...devices].every((id) => warned.has(id));
  }

  #judge({ message, sender }: Admitted): Judgement {
    const { store, policies, clock } = this.#deps;
    const policy = policies.read('cap');
    return judge(message, {
      ...{ policy, sender: sender.policy, now: clock.now() },
      affectedBy: (areas) => affectedBy(store, policy.geocodes, areas),
    });
  }

  #requestOf(row: AlertRow, by: string): Parameters<Alarm['drawUp']>[0] {
    const { store, clock } = this.#deps;
    const left = row.expires === null ? 60 : Math.ceil((row.expires - clock.now()) / 60_000);
    const targets = (JSON.parse(row.targets) as Target[]).filter((target) => isThere(store, target));
    return {
      ...{ source: 'cap', title: row.title, heading: row.title, text: row.words, language: row.language, by },
      // Whose areas nobody can tell from a description alone is everybody's until a person says otherwise.
      targets: targets.length === 0 ? EVERYWHERE : targets,
      minutes: Math.min(1_440, Math.max(1, left)),
      drill: row.drill,
    };
  }

  #waitingRow(id: string): AlertRow {
    const row = this.rows.get(id);
    if (row.state === 'waiting') return row;
    throw new Failure(
      'alert-not-waiting',
      `This alert is ${row.state}; only one that waits can be decided on.`,
      {
        status: 409,
        params: { state: row.state },
      },
    );
  }

  #keepRefused({ content, xml, refusal }: NotAdmitted, via: string): void {
    const known = this.rows.byName(content);
    // A forgery must not push aside the true one.
    if (known !== undefined && known.state !== 'refused') return;
    if (known !== undefined) this.rows.forget(known.id);
    const row = rowOfRefused(ulid(), content, {
      xml,
      reason: refusal.refusal,
      via,
      now: this.#deps.clock.now(),
    });
    this.rows.insert(row, []);
    this.#deps.changes.announce('alert', row.id);
  }

  #insert(row: AlertRow, { message }: Admitted): void {
    this.rows.insert(row, message.references);
    this.#deps.changes.announce('alert', row.id);
  }

  #change(id: string, change: AlertChange): void {
    this.rows.change(id, change, this.#deps.clock.now());
    this.#deps.changes.announce('alert', id);
  }

  async #inLine<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const turn = this.#line.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#line = turn.catch(() => {});
    return turn;
  }
}
