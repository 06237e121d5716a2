import type { Logger } from 'pino';
import { parseOccurrenceId } from '#schedules/schedule';
import type { Alarm } from '../cap/alarm.ts';
import type { Changes } from '../changes.ts';
import type { Store } from '../database/open.ts';
import type { BulletinRow, BulletinRows, Move } from './bulletin-rows.ts';

export interface OutcomesDeps {
  readonly store: Store;
  readonly changes: Changes;
  readonly log: Logger;
  readonly alarm: Pick<Alarm, 'look'>;
  readonly rows: BulletinRows;
  readonly move: (id: string, move: Move) => void;
}

interface Heard {
  readonly open: number;
  readonly played: number;
}

/**
 * Whether a bulletin was really heard (R17): of a scheduled one the log says so, by the devices' own records; of an
 * emergency the devices that have sounded it. Told by what changes, not by asking again and again.
 */
export class Outcomes {
  readonly #deps: OutcomesDeps;
  #stopListening: (() => void) | undefined;

  constructor(deps: OutcomesDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopListening = this.#deps.changes.listen((entity, id) => {
      if (entity === 'play') queueMicrotask(() => this.#tried(() => this.#played(id)));
      if (entity === 'incident') queueMicrotask(() => this.#tried(() => this.#sounded(id)));
    });
  }

  stop(): void {
    this.#stopListening?.();
  }

  #played(occurrence: string): void {
    const { rows, move } = this.#deps;
    const row = rows.ofSchedule(parseOccurrenceId(occurrence)?.schedule ?? '');
    if (row?.state !== 'scheduled') return;
    const heard = this.#heard(occurrence);
    if (heard.played > 0) move(row.id, { state: 'played', by: null, reason: null });
    else if (heard.open === 0 && row.reason !== 'missed') {
      // Nobody heard it; a person may schedule it again.
      move(row.id, { state: 'scheduled', by: null, reason: 'missed' });
    }
  }

  #sounded(incident: string): void {
    const { rows, alarm, move } = this.#deps;
    const row: BulletinRow | undefined = rows.ofIncident(incident);
    if (row?.state !== 'playing') return;
    const view = alarm.look(incident);
    if (view === null) return;
    if (view.heard > 0) move(row.id, { state: 'played', by: null, reason: null });
    else if (view.state !== 'active') move(row.id, { state: 'refused', by: null, reason: 'nobody-heard' });
  }

  #heard(occurrence: string): Heard {
    const heard = this.#deps.store.sqlite
      .prepare<[string], Heard>(
        `SELECT count(*) FILTER (WHERE verdict = 'pending') AS open,
            count(*) FILTER (WHERE verdict IN ('played', 'late', 'partial')) AS played
          FROM play WHERE occurrence = ?`,
      )
      .get(occurrence);
    return heard ?? { open: 1, played: 0 };
  }

  #tried(work: () => void): void {
    try {
      work();
    } catch (err) {
      this.#deps.log.error({ err }, 'what became of a bulletin could not be noted');
    }
  }
}
