import type { Logger } from 'pino';
import type { Alarm } from '../cap/alarm.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { Target } from '../http/contract/schedules.ts';
import type { BulletinRow, BulletinRows, Move } from './bulletin-rows.ts';

export interface EmergenciesDeps {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly alarm: Alarm;
  readonly rows: BulletinRows;
  readonly move: (id: string, move: Move) => void;
}

/** As long as an incident's text may be. */
const LONGEST = 2_000;
const UNSAID_MINUTES = 60;

/** Bulletins of the highest level: sounded at once (R1), as incidents of their sender. */
export class Emergencies {
  readonly #deps: EmergenciesDeps;

  constructor(deps: EmergenciesDeps) {
    this.#deps = deps;
  }

  /** What fails stays in the inbox, with the reason, for a person. */
  async sound(row: BulletinRow): Promise<void> {
    const { alarm, clock, log, changes, rows, move } = this.#deps;
    if (this.#isSent(row)) {
      // An earlier life of the program sent it, and did not come to note it.
      move(row.id, { state: 'playing', by: row.sender, reason: null });
      changes.announce('incident', row.incident_id ?? '');
      return;
    }
    try {
      rows.change(row.id, { reason: 'starting' }, clock.now());
      const incident = this.#drawn(row) ?? (await this.#drawUp(row));
      rows.change(row.id, { incident_id: incident }, clock.now());
      await alarm.sound(incident, row.sender);
      move(row.id, { state: 'playing', by: row.sender, reason: null });
      log.info({ audit: 'province', bulletin: row.id, incident }, 'an emergency of the province is sounded');
    } catch (err) {
      log.error({ err, bulletin: row.id }, 'an emergency of the province could not be sounded');
      const reason = err instanceof Failure ? err.code : 'not-sounded';
      rows.change(row.id, { reason, incident_id: null }, clock.now());
      changes.announce('bulletin', row.id);
    }
  }

  /** Further words of the one that is on the air. @throws what the incident throws. */
  async update(incident: string, row: Pick<BulletinRow, 'title' | 'text' | 'sender'>): Promise<void> {
    await this.#deps.alarm.update(
      incident,
      { heading: row.title, text: wordsOf(row), siren: true },
      row.sender,
    );
  }

  /** The incident that it is on the air with. */
  active({ incident_id }: BulletinRow): string | null {
    const on = incident_id !== null && this.#deps.alarm.look(incident_id)?.state === 'active';
    return on ? incident_id : null;
  }

  /** Ends what is on the air. */
  async end(row: BulletinRow, by: string): Promise<void> {
    const incident = this.active(row);
    if (incident !== null) await this.#deps.alarm.allClear(incident, null, by);
  }

  /** By an earlier life of the program, that did not come to send it. */
  #drawn({ incident_id }: BulletinRow): string | null {
    return incident_id !== null && this.#deps.alarm.look(incident_id)?.state === 'draft' ? incident_id : null;
  }

  #isSent({ incident_id, reason }: BulletinRow): boolean {
    const state = incident_id === null ? undefined : this.#deps.alarm.look(incident_id)?.state;
    return reason === 'starting' && (state === 'active' || state === 'cleared' || state === 'expired');
  }

  #drawUp(row: BulletinRow): Promise<string> {
    const { alarm, clock } = this.#deps;
    const { expires_at: end, title, language, sender } = row;
    const left = end === null ? UNSAID_MINUTES : Math.ceil((end - clock.now()) / 60_000);
    const targets = Target.array().parse(JSON.parse(row.targets));
    return alarm.drawUp({
      ...{ source: 'province', title, heading: title, text: wordsOf(row), language, by: sender, drill: null },
      targets: targets.length === 0 ? [{ kind: 'all', id: '' }] : targets,
      minutes: Math.min(1_440, Math.max(1, left)),
    });
  }
}

const wordsOf = ({ title, text }: Pick<BulletinRow, 'title' | 'text'>): string =>
  (text ?? title).slice(0, LONGEST);
