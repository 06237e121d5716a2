import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Link } from '../link/link.ts';
import type { Counting } from './counting.ts';
import type { IncidentRow, IncidentRows, MessageRow } from './incident-rows.ts';
import type { Sending } from './sending.ts';
import { soundState } from './sounds.ts';

export interface CourseDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly link: Pick<Link, 'onConnected'>;
  readonly rows: IncidentRows;
  readonly sending: Sending;
  readonly counting: Counting;
}

/**
 * Keeps incidents going without a person: words follow as soon as they are spoken, what found no link goes out when it
 * stands again, an end comes when its time is over, a silent drill ends with the last answer. All of it is read from the
 * database each time, so that another life of the program goes on where this one ended.
 */
export class Course implements Component {
  readonly #deps: CourseDeps;
  readonly #ends: (() => void)[] = [];
  readonly #expiries = new Map<string, NodeJS.Timeout>();
  readonly #work = new Set<Promise<void>>();
  #stopped = false;

  constructor(deps: CourseDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { changes, link, rows, counting, sending } = this.#deps;
    await counting.start();
    this.#ends.push(
      changes.listen((entity, id) => {
        if (entity === 'asset') this.#soon(() => this.#goOn(id));
        if (entity === 'incident') this.#soon(() => this.#rehearsed(id));
      }),
      link.onConnected(() => this.#soon(() => this.#goOn(null))),
    );
    for (const incident of rows.active()) {
      this.expireLater(incident);
      this.#soon(() => this.#rehearsed(incident.id));
    }
    // The last life of the program wrote down that it was over, and did not come to tell the devices.
    for (const id of rows.unsilenced()) this.#soon(() => sending.silence(id, null));
    await this.#goOn(null);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const end of this.#ends.splice(0)) end();
    for (const timer of this.#expiries.values()) clearTimeout(timer);
    await this.#deps.counting.stop();
    await Promise.all(this.#work);
  }

  /** Writes the end down and tells of it; what is on the air is taken off by the caller. */
  end(id: string, state: 'cleared' | 'expired' | 'cancelled', by: string | null): void {
    const { rows, clock, changes } = this.#deps;
    clearTimeout(this.#expiries.get(id));
    this.#expiries.delete(id);
    rows.change(id, { state, ended_at: Math.round(clock.now()), ended_by: by });
    changes.announce('incident', id);
  }

  /** Takes it off the air when its time is over. */
  expireLater({ id, expires_at }: Pick<IncidentRow, 'id' | 'expires_at'>): void {
    const { clock, log, rows, sending, counting } = this.#deps;
    const expire = async (): Promise<void> => {
      const { state, title } = rows.incident(id);
      if (state !== 'active') return;
      this.end(id, 'expired', null);
      log.info({ audit: 'incident-expired', incident: id, title }, 'an incident is over');
      await sending.silence(id, null);
      counting.count(id);
    };
    const timer = setTimeout(() => this.#soon(expire), Math.max(0, (expires_at ?? 0) - clock.now()));
    this.#expiries.set(id, timer);
  }

  /** @param asset only what waits for this sound of the library; null for all that was not sent. */
  async #goOn(asset: string | null): Promise<void> {
    for (const message of this.#deps.rows.unsent(asset)) await this.#goOnWith(message);
  }

  async #goOnWith(message: MessageRow): Promise<void> {
    const { store, clock, changes, rows, sending, counting } = this.#deps;
    const incident = rows.incident(message.incident_id);
    // Its time ran out while nobody could be reached, or while the program was away; its end is on the way.
    if (incident.state === 'active' && (incident.expires_at ?? clock.now() + 1) <= clock.now()) return;
    if (incident.state === 'active' || incident.state === 'cleared') {
      await sending.send(message);
      counting.begun(incident.id);
      return;
    }
    const assets = [message.asset_id, incident.drill_asset_id ?? message.asset_id];
    const states = assets.map((asset) => soundState(store, asset));
    const lost = states.some((state) => state === 'refused' || state === 'cancelled' || state === 'missing');
    const ready = states.every((state) => state === 'ready');
    if (!lost && !(ready && message.state === 'preparing')) return;
    rows.changeMessage(message.id, lost ? { state: 'failed', reason: 'not-spoken' } : { state: 'ready' });
    changes.announce('incident', incident.id);
  }

  /** A silent drill is over when nobody is waited for any more. */
  async #rehearsed(id: string): Promise<void> {
    const { rows, counting } = this.#deps;
    const { drill, state } = rows.incident(id);
    if (drill !== 'silent' || state !== 'active') return;
    const sent = rows.messages(id).every((message) => message.state === 'sent' || message.state === 'failed');
    if (!sent || rows.ways(id).some((way) => way.state === 'preparing')) return;
    counting.count(id);
    this.end(id, 'cleared', null);
  }

  /** Not within the caller, who may be in the middle of something; and waited for when the program ends. */
  #soon(act: () => Promise<void>): void {
    if (this.#stopped) return;
    const work = new Promise((resolve) => setImmediate(resolve))
      .then(() => (this.#stopped ? undefined : act()))
      .catch((error: unknown) =>
        this.#deps.log.error({ err: error }, 'an incident could not be gone on with'),
      )
      .then(() => void this.#work.delete(work));
    this.#work.add(work);
  }
}
