import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/store.ts';
import type { Broadcasts } from '../broadcasts/broadcasts.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { Incident, SilentDevice } from '../http/contract/incidents.ts';
import type { Library } from '../library/library.ts';
import type { Link } from '../link/link.ts';
import type { Policies } from '../policies/policies.ts';
import type { Actor } from './actor.ts';
import { stepOf } from './confirmation.ts';
import { Counting } from './counting.ts';
import { Course } from './course.ts';
import { Draft, type IncidentRequest } from './draft.ts';
import { type IncidentRow, IncidentRows, type MessageRow, newestAlert } from './incident-rows.ts';
import { type IncidentFilter, incidentView, listIncidents } from './incident-view.ts';
import { silentOf } from './reached.ts';
import { Sending } from './sending.ts';
import type { StoredMessages } from './stored-messages.ts';

export interface IncidentsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly blobs: BlobStore;
  readonly library: Pick<Library, 'speak'>;
  readonly broadcasts: Pick<Broadcasts, 'air' | 'halt'>;
  readonly policies: Pick<Policies, 'read'>;
  readonly storedMessages: StoredMessages;
  readonly link: Pick<Link, 'onConnected'>;
}

export interface Update {
  readonly heading: string | null;
  readonly text: string;
  readonly siren: boolean;
  readonly repeats: number;
}

/**
 * Emergencies and drills: drawn up, confirmed by as many people as the policy asks for, sent to loudspeakers and boards
 * as one thing, updated, and ended. What is confirmed is written down before it sounds; another life of the program goes
 * on with it.
 *
 * For other systems (CAP, the province): {@link drawUp} with their `source` and an actor without an account, then either
 * {@link confirmForSystem}, where the policy lets their emergencies play at once, or leave it as a draft, which a
 * person confirms, or {@link cancel}. Later {@link update} and {@link allClear}. Each change is announced as `incident`.
 */
export class Incidents implements Component {
  readonly #deps: IncidentsDeps;
  readonly #rows: IncidentRows;
  readonly #counting: Counting;
  readonly #sending: Sending;
  readonly #draft: Draft;
  readonly #course: Course;

  constructor(deps: IncidentsDeps) {
    this.#deps = deps;
    this.#rows = new IncidentRows(deps.store);
    this.#counting = new Counting(deps);
    this.#sending = new Sending({ ...deps, rows: this.#rows });
    this.#draft = new Draft({ ...deps, rows: this.#rows });
    const { sending, counting, rows } = {
      sending: this.#sending,
      counting: this.#counting,
      rows: this.#rows,
    };
    this.#course = new Course({ ...deps, rows, sending, counting });
  }

  /** To be called when broadcasts were taken up again, before the link stands. */
  async start(): Promise<void> {
    await this.#deps.storedMessages.renew();
    await this.#course.start();
  }

  stop(): Promise<void> {
    return this.#course.stop();
  }

  list(filter: IncidentFilter, page: { readonly limit: number; readonly cursor: string | undefined }) {
    return listIncidents(this.#deps.store, filter, page);
  }

  /** With its messages and figures. @throws Failure `not-found`. */
  view(id: string): Incident {
    return incidentView(this.#deps.store, this.#rows.incident(id));
  }

  /** Who has not sounded or shown the newest message, and why. @throws Failure `not-found`. */
  silent(id: string): SilentDevice[] {
    const { store, clock } = this.#deps;
    const message = newestAlert(this.#rows.messages(this.#rows.incident(id).id));
    return message === undefined ? [] : silentOf(store, message.id, clock.now());
  }

  /**
   * Draws up an incident or a drill; nothing is sent. A text that is no stored message is spoken meanwhile.
   * @throws Failure `unknown-target`, `nobody-to-play`, `not-found` (stored message), `unknown-sound` (siren),
   *   `language-not-spoken`.
   */
  async drawUp(request: IncidentRequest, by: Actor): Promise<Incident> {
    const id = await this.#draft.incident(request, by);
    this.#deps.changes.announce('incident', id);
    return this.view(id);
  }

  /**
   * Confirms: sends it, or leaves it waiting for a second person.
   * @param glass why it is to be sent by one person where two are asked for; to be reviewed afterwards.
   * @throws Failure 409 `incident-over`, `already-active`, `second-person-needed`; 403 `no-break-glass`.
   */
  async confirm(id: string, by: Actor, glass: string | null = null): Promise<Incident> {
    const incident = this.#rows.incident(id);
    // Who wrote a stored message does not vouch for it by himself: it would be new text by another door.
    const own = by.id !== null && this.#rows.writerOf(incident.stored_message_id) === by.id;
    const asked = own ? { ...incident, stored_message_id: null } : incident;
    const step = stepOf(asked, this.#deps.policies.read('emergency'), by, glass !== null);
    const now = Math.round(this.#deps.clock.now());
    const first = { confirmed_at: now, confirmed_by: by.name, confirmed_by_id: by.id };
    const second = { second_at: now, second_by: by.name, second_by_id: by.id };
    const broken = { glass_at: now, glass_by: by.name, glass_by_id: by.id, glass_reason: glass };
    const alone = incident.state === 'draft' ? first : {};
    switch (step) {
      case 'wait':
        this.#rows.change(id, { state: 'waiting', ...first });
        this.#audit('incident-confirmed', incident, by);
        this.#deps.changes.announce('incident', id);
        return this.view(id);
      case 'send-as-second':
        return this.#activate(incident, second, by);
      case 'break-glass':
        this.#audit('break-glass', incident, by, { reason: glass });
        return this.#activate(incident, { ...alone, ...broken }, by);
      case 'send':
        return this.#activate(incident, alone, by);
    }
  }

  /**
   * Sends what another system drew up, without a person: only where the policy for its sender says that it plays.
   * @throws Failure 409 `incident-over`, `already-active`.
   */
  async confirmForSystem(id: string, by: Actor): Promise<Incident> {
    const incident = this.#rows.incident(id);
    stepOf(incident, { secondPerson: 'never', breakGlass: false }, by, false);
    const now = Math.round(this.#deps.clock.now());
    return this.#activate(incident, { confirmed_at: now, confirmed_by: by.name, confirmed_by_id: by.id }, by);
  }

  /** Sends a further message to the same devices. @throws Failure 409 `not-active`, `drill-ends-itself`; `language-not-spoken`. */
  async update(id: string, update: Update, by: Actor): Promise<Incident> {
    this.#activeRow(id);
    const message = await this.#draft.message(this.#rows.incident(id), { kind: 'update', ...update }, by);
    this.#audit('incident-update', this.#rows.incident(id), by, { message: message.id });
    return this.#out(id, message);
  }

  /**
   * Ends it everywhere: boards go back to their plans, what was interrupted comes back by its own policy.
   * @param text said once, afterwards; null for none.
   * @throws Failure 409 `not-active`, `drill-ends-itself`; `language-not-spoken`.
   */
  async allClear(id: string, text: string | null, by: Actor): Promise<Incident> {
    this.#activeRow(id);
    const words =
      text === null ? null : { kind: 'all-clear' as const, heading: null, text, siren: false, repeats: 1 };
    const message = words === null ? null : await this.#draft.message(this.#rows.incident(id), words, by);
    const incident = this.#activeRow(id);
    this.#course.end(id, 'cleared', by.name);
    this.#audit('all-clear', incident, by);
    await this.#sending.silence(id, by.name);
    return message === null ? this.view(id) : this.#out(id, message);
  }

  /** Withdraws one that was not sent. @throws Failure 409 `already-active`, `incident-over`. */
  cancel(id: string, by: Actor): Incident {
    const incident = this.#rows.incident(id);
    stepOf(incident, { secondPerson: 'never', breakGlass: false }, by, false);
    this.#course.end(id, 'cancelled', by.name);
    this.#audit('incident-cancelled', incident, by);
    return this.view(id);
  }

  /** Reviews a break-glass. @throws Failure 409 `nothing-to-review`, `already-reviewed`; 403 `own-review`. */
  review(id: string, { verdict, note }: Review, by: Actor): Incident {
    const incident = this.#rows.incident(id);
    const { title, glass_by_id: broken, glass_at, reviewed_at } = incident;
    const about = { status: 409, params: { title } };
    if (glass_at === null)
      throw new Failure('nothing-to-review', `“${title}” was not sent by one person alone.`, about);
    if (reviewed_at !== null)
      throw new Failure('already-reviewed', `“${title}” was reviewed already.`, about);
    if (broken === by.id) {
      throw new Failure('own-review', `Who sent “${title}” alone does not review it; another person does.`, {
        status: 403,
        params: { title },
      });
    }
    const now = Math.round(this.#deps.clock.now());
    this.#rows.change(id, { reviewed_by: by.name, reviewed_at: now, verdict, review_note: note });
    this.#audit('break-glass-review', incident, by, { verdict });
    this.#deps.changes.announce('incident', id);
    return this.view(id);
  }

  /** Written down first, then sent: who confirmed an emergency can rely on it from here on. */
  async #activate(incident: IncidentRow, change: Partial<IncidentRow>, by: Actor): Promise<Incident> {
    const now = Math.round(this.#deps.clock.now());
    const expires_at = now + incident.minutes * 60_000;
    this.#rows.change(incident.id, { ...change, state: 'active', activated_at: now, expires_at });
    this.#audit('incident-active', incident, by);
    this.#course.expireLater({ id: incident.id, expires_at });
    const message = newestAlert(this.#rows.messages(incident.id));
    return message === undefined ? this.view(incident.id) : this.#out(incident.id, message);
  }

  async #out(id: string, message: MessageRow): Promise<Incident> {
    await this.#sending.send(message);
    this.#counting.begun(id);
    return this.view(id);
  }

  #activeRow(id: string): IncidentRow {
    const incident = this.#rows.incident(id);
    const { title, state, drill } = incident;
    if (state !== 'active') {
      throw new Failure('not-active', `“${title}” is not on the air; there is nothing to change or to end.`, {
        status: 409,
        params: { title, state },
      });
    }
    if (drill === 'silent') {
      throw new Failure(
        'drill-ends-itself',
        `“${title}” is a silent drill; it ends by itself in some seconds.`,
        {
          status: 409,
          params: { title },
        },
      );
    }
    return incident;
  }

  #audit(audit: string, incident: IncidentRow, by: Actor, more: Record<string, unknown> = {}): void {
    const { id, title, drill, source } = incident;
    this.#deps.log.info(
      { audit, incident: id, title, drill, source, by: by.name, account: by.id, ...more },
      `incident: ${audit}`,
    );
  }
}

export interface Review {
  readonly verdict: 'justified' | 'not-justified';
  readonly note: string | null;
}
