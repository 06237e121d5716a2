import { ulid } from 'ulid';
import type { Component } from '../component.ts';
import { Failure } from '../failure.ts';
import type { Alert } from '../http/contract/alerts.ts';
import type { Policies } from '../policies/policies.ts';
import { affectedBy } from './affected.ts';
import { AlertActions, type AlertActionsDeps } from './alert-actions.ts';
import { type AlertRow, AlertRows, viewOf } from './alert-rows.ts';
import { type Admitted, admit, NotAdmitted } from './intake.ts';
import { type Judgement, judge } from './judgement.ts';
import { rowOf, rowOfRefused } from './new-row.ts';

export interface AlertsDeps extends Omit<AlertActionsDeps, 'rows'> {
  readonly policies: Policies;
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

/**
 * Alerts by CAP 1.2: taken in one after the other, so that what was sent as a replacement never races with what it
 * replaces; whichever comes first, both end in the same place.
 */
export class Alerts implements Component {
  readonly rows: AlertRows;
  readonly #deps: AlertsDeps;
  readonly #actions: AlertActions;
  #line: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #tick: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(deps: AlertsDeps) {
    this.#deps = deps;
    this.rows = new AlertRows(deps.store);
    this.#actions = new AlertActions({ ...deps, rows: this.rows });
  }

  async start(): Promise<void> {
    const { changes, log } = this.#deps;
    this.#stopListening = changes.listen((entity, id) => {
      if (entity === 'incident') queueMicrotask(() => this.#follow(id));
    });
    for (const row of this.rows.begun()) this.#resume(row);
    this.#tick = setInterval(() => {
      this.lapse().catch((err: unknown) => log.error({ err }, 'expired alerts could not be put aside'));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#tick);
    this.#stopListening?.();
    await this.#line;
  }

  /**
   * Takes a message in and does what it asks for, by the rules of the site.
   * @param via `webhook`, or the address of the feed.
   * @param vouched as in `admit`.
   * @throws CapRefusal; Failure 401 `not-signed-in`, 503 `too-many-alerts`.
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
   * @throws Failure `not-found`, 409 `alert-not-waiting`; what the incident throws.
   */
  accept(id: string, by: string): Promise<string> {
    return this.#inLine(async () => {
      const { alarm, log } = this.#deps;
      const row = this.#waitingRow(id);
      log.info({ audit: 'cap', alert: id, by }, 'an alert was taken on');
      const followed = row.follows_id === null ? null : this.rows.get(row.follows_id);
      if (followed?.incident_id != null && this.#actions.isActive(followed)) {
        const incident = followed.incident_id;
        if (row.msg_type === 'Cancel') await this.#actions.endIncident(row, incident, followed, by);
        else await this.#actions.updateIncident(row, incident, followed, by);
        return incident;
      }
      if (row.msg_type === 'Cancel') {
        const detail = 'What it cancels is over already; there is nothing to end. Dismiss it.';
        throw new Failure('alert-not-waiting', detail, { status: 409, params: { state: row.state } });
      }
      const draft = row.incident_id === null ? undefined : alarm.look(row.incident_id)?.state;
      if (row.incident_id !== null && (draft === 'draft' || draft === 'waiting')) return row.incident_id;
      const drawn = await alarm.drawUp(this.#actions.requestOf(row, by));
      this.#actions.change(row.id, { incident_id: drawn, reason: 'accepted' });
      return drawn;
    });
  }

  /** A person leaves a waiting alert unplayed. @throws Failure `not-found`, 409 `alert-not-waiting`. */
  dismiss(id: string, reason: string, by: string): Promise<Alert> {
    return this.#inLine(async () => {
      const row = this.#waitingRow(id);
      this.#actions.change(id, { state: 'dismissed', reason });
      await this.#actions.dropDraft(row, by);
      this.#deps.log.info({ audit: 'cap', alert: id, by, reason }, 'an alert was dismissed');
      return viewOf(this.rows.get(id));
    });
  }

  /** Puts aside the waiting ones that hold no longer. */
  lapse(): Promise<void> {
    return this.#inLine(async () => {
      for (const row of this.rows.lapsed(this.#deps.clock.now())) {
        this.#actions.change(row.id, { state: 'expired', reason: 'expired' });
        await this.#actions.dropDraft(row, row.sender);
      }
    });
  }

  async #take(admitted: Admitted, via: string): Promise<Received> {
    const { message, sender } = admitted;
    const known = this.rows.byName(message);
    if (known !== undefined && known.state !== 'refused') return { alert: viewOf(known), duplicate: true };
    if (known !== undefined) this.rows.forget(known.id);
    const judgement = this.#judge(admitted);
    const row = rowOf(ulid(), admitted, judgement, via, this.#deps.clock.now());
    const arrival = { row, references: message.references, judgement, policy: sender.policy };
    const overtaken = this.rows.overtaking(message, message.status);
    // Of another sender's alerts, and in an exercise of real ones, it disposes of nothing.
    const own = message.references.filter((reference) => reference.sender === message.sender);
    const earlier = this.rows.named(own).filter(({ status }) => status === message.status);
    if (overtaken !== undefined) {
      const state = overtaken.msg_type === 'Cancel' ? 'cancelled' : 'superseded';
      this.#actions.enter(arrival, { state, reason: 'overtaken' });
    } else if (message.msgType === 'Cancel') await this.#actions.cancel(arrival, earlier);
    else if (message.msgType === 'Update') await this.#actions.update(arrival, earlier);
    else await this.#actions.begin(arrival);
    return { alert: viewOf(this.rows.get(row.id)), duplicate: false };
  }

  #judge({ message, sender }: Admitted): Judgement {
    const { store, policies, clock } = this.#deps;
    const policy = policies.read('cap');
    return judge(message, {
      ...{ policy, sender: sender.policy, now: clock.now() },
      affectedBy: (areas) => affectedBy(store, policy.geocodes, areas),
    });
  }

  /** An incident came further: so did the alerts that it is of. */
  #follow(incident: string): void {
    const { alarm, log } = this.#deps;
    try {
      const rows = this.rows.ofIncident(incident);
      const state = rows.length === 0 ? undefined : alarm.look(incident)?.state;
      for (const row of rows) {
        if (state === 'active' && row.state === 'waiting') {
          this.#actions.change(row.id, { state: 'playing', reason: null });
        } else if (state === 'cleared' || state === 'expired') {
          this.#actions.change(row.id, { state: 'played', reason: null });
        } else if (state === 'cancelled' && row.reason === 'accepted') {
          this.#actions.change(row.id, { reason: 'incident-cancelled', incident_id: null });
        }
      }
    } catch (err) {
      log.error({ err, incident }, 'what became of an alert could not be noted');
    }
  }

  /** What the last life of the program had begun. */
  #resume(row: AlertRow): void {
    const fresh = row.received_at > this.#deps.clock.now() - FRESH_MS;
    if (!fresh || row.incident_id !== null || row.follows_id !== null) {
      this.#actions.change(row.id, { reason: 'restarted' });
      return;
    }
    void this.#inLine(() => this.#actions.sound(row));
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
      ...{ xml, via, reason: refusal.refusal, now: this.#deps.clock.now() },
    });
    this.rows.insert(row, []);
    this.#deps.changes.announce('alert', row.id);
    this.#deps.log.warn({ audit: 'cap', alert: row.id, via, reason: row.reason }, 'an alert was turned away');
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
