import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { Broadcasts } from '../broadcasts/broadcasts.ts';
import type { Composition } from '../broadcasts/compose.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { Policies } from '../policies/policies.ts';
import { shown, sirenAlone, spoken } from './composition.ts';
import type { IncidentRow, IncidentRows, MessageRow, Role, Way } from './incident-rows.ts';
import { Targets } from './incident-view.ts';
import { soundOf, soundState } from './sounds.ts';

export interface SendingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rows: IncidentRows;
  readonly broadcasts: Pick<Broadcasts, 'air' | 'halt'>;
  readonly policies: Pick<Policies, 'read'>;
}

/** While the words of an emergency are being spoken, the siren sounds for about so long. */
const SIREN_ALONE_MS = 20_000;
/** In a silent drill devices are waited for so long: time to fetch what they should have held already. */
const REHEARSAL_MS = 15_000;
const LEAST_BOARD_MS = 1_000;

interface Airing {
  readonly id: string;
  readonly role: Role;
  readonly composition: Composition;
}
type Outcome = 'out' | 'nobody' | 'no-link' | 'failed';

/**
 * Puts an incident's messages on the air, each by one broadcast for the loudspeakers and one for the boards. Words that
 * are not spoken yet do not hold up the siren and the boards: they follow by a broadcast of their own. What went out is
 * in the database, so that it can be gone on with after anything.
 */
export class Sending {
  readonly #deps: SendingDeps;
  /** By incident: the last piece of work. One at a time, so that nothing goes out twice. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(deps: SendingDeps) {
    this.#deps = deps;
  }

  /** Sends of a message what is ready and did not go out yet; to be called again when more is ready. Never rejects. */
  async send({ id, incident_id: incident }: Pick<MessageRow, 'id' | 'incident_id'>): Promise<void> {
    await this.#inTurn(incident, () => this.#send(id));
  }

  /** Takes everything of an incident but its all-clear off the air. Who cannot be reached now is told as soon as it is. Never rejects. */
  async silence(incident: string, by: string | null): Promise<void> {
    await this.#inTurn(incident, () => {
      const ways = this.#deps.rows.ways(incident).filter(({ kind }) => kind !== 'all-clear');
      return this.#halt(ways, by);
    });
  }

  async #inTurn(incident: string, act: () => Promise<void>): Promise<void> {
    const { log } = this.#deps;
    const work = (this.#last.get(incident) ?? Promise.resolve())
      .then(act)
      .catch((error: unknown) =>
        log.error({ err: error, incident }, 'an incident could not be gone on with'),
      );
    this.#last.set(incident, work);
    await work;
    if (this.#last.get(incident) === work) this.#last.delete(incident);
  }

  async #send(id: string): Promise<void> {
    const { rows } = this.#deps;
    const message = rows.message(id);
    const incident = rows.incident(message.incident_id);
    if (message.state !== 'preparing' && message.state !== 'ready') return;
    if (!(incident.state === 'active' || (incident.state === 'cleared' && message.kind === 'all-clear')))
      return;
    if (rows.messages(incident.id).at(-1)?.id !== id) {
      rows.changeMessage(id, { state: 'failed', reason: 'superseded' });
      return;
    }
    const before = rows.ways(incident.id);
    const out = rolesOut(before, id);
    const airings = this.#due(incident, message, out);
    this.#note(message, airings);
    const outcomes = new Map<Role, Outcome>();
    for (const airing of airings) {
      const outcome = await this.#air(incident, message, airing);
      outcomes.set(airing.role, outcome);
      if (outcome === 'out') out.add(airing.role);
    }
    this.#conclude(incident, message, out, outcomes);
    await this.#halt(
      before.filter((way) => isReplaced(way, id, out)),
      message.by,
    );
  }

  /** What can go out now and has not, what is most urgent first. */
  #due(incident: IncidentRow, message: MessageRow, out: ReadonlySet<Role>): Airing[] {
    const { store, clock, rows } = this.#deps;
    const now = clock.now();
    const { title } = incident;
    const due: { role: Role; composition: Composition }[] = [];
    const siren =
      message.siren === 1 && incident.siren_asset_id !== null
        ? soundOf(store, incident.siren_asset_id)
        : null;
    const words = soundOf(store, message.asset_id);
    const frame = incident.drill_asset_id === null ? null : soundOf(store, incident.drill_asset_id);
    if (!out.has('sound')) {
      if (words !== null && (incident.drill_asset_id === null || frame !== null)) {
        const ahead = out.has('siren') ? null : siren;
        const { repeats } = message;
        due.push({ role: 'sound', composition: spoken({ title, siren: ahead, words, repeats, frame }) });
      } else if (siren !== null && !out.has('siren') && incident.drill === null) {
        // In a drill nothing sounds before it is said that it is one.
        due.push({ role: 'siren', composition: sirenAlone(title, siren, SIREN_ALONE_MS) });
      }
    }
    if (message.scene_sha256 !== null && !out.has('board')) {
      const scene = rows.scene(message.scene_sha256);
      const lasts = Math.max(LEAST_BOARD_MS, (incident.expires_at ?? now) - now);
      due.push({ role: 'board', composition: shown(title, scene, lasts) });
    }
    return due.map((airing) => ({ id: ulid(now), ...airing }));
  }

  /** Written down before it goes out: what is on the air and belongs to nothing could not be taken off with the rest. */
  #note(message: MessageRow, airings: readonly Airing[]): void {
    const { rows, clock } = this.#deps;
    const now = Math.round(clock.now());
    rows.transaction(() => {
      for (const { id, role } of airings) rows.insertWay(id, message.id, role, now);
    });
  }

  async #air(
    incident: IncidentRow,
    message: MessageRow,
    { id, role, composition }: Airing,
  ): Promise<Outcome> {
    const { broadcasts, policies, log } = this.#deps;
    try {
      await broadcasts.air({
        ...{ id, composition, priority: 'emergency', by: message.by },
        content: { kind: 'incident', id: incident.id },
        targets: Targets.parse(JSON.parse(incident.targets)),
        // A board shows what still holds after another emergency; words that were cut off are said to their end.
        resume: role === 'board' ? 'join' : role === 'siren' ? 'skip' : 'resume',
        volume: policies.read('emergency').volume,
        patienceMs: REHEARSAL_MS,
        rehearsal: incident.drill === 'silent',
      });
      return 'out';
    } catch (error) {
      if (error instanceof Failure && error.code === 'nobody-to-play') return 'nobody';
      if (error instanceof Failure && error.code === 'no-link') return 'no-link';
      log.error(
        { err: error, incident: incident.id, message: message.id, role },
        'a message could not be sent',
      );
      return 'failed';
    }
  }

  #conclude(
    incident: IncidentRow,
    message: MessageRow,
    out: ReadonlySet<Role>,
    outcomes: ReadonlyMap<Role, Outcome>,
  ): void {
    const { store, rows, clock, log } = this.#deps;
    const some = out.size > 0;
    const sent_at = some ? (message.sent_at ?? Math.round(clock.now())) : message.sent_at;
    const results = [...outcomes.values()];
    const wordsDone = out.has('sound') || outcomes.has('sound');
    const change: Pick<MessageRow, 'state' | 'reason'> = results.includes('no-link')
      ? { state: message.state, reason: 'no-link' }
      : // Where the siren or the boards fail, the words that are still being spoken follow all the same.
        results.includes('failed') &&
          (wordsDone || isSpoken(soundState(store, message.asset_id)).state === 'failed')
        ? { state: 'failed', reason: 'failed' }
        : !wordsDone
          ? isSpoken(soundState(store, message.asset_id))
          : some
            ? { state: 'sent', reason: null }
            : { state: 'failed', reason: 'nobody-to-play' };
    rows.changeMessage(message.id, { ...change, sent_at });
    const about = { incident: incident.id, message: message.id, kind: message.kind, by: message.by };
    log.info(
      { audit: 'incident-message', ...about, drill: incident.drill, ...change, out: [...out] },
      'a message of an incident',
    );
  }

  async #halt(ways: readonly Way[], by: string | null): Promise<void> {
    const { broadcasts, log } = this.#deps;
    for (const { broadcast_id: id, state } of ways) {
      if (state !== 'preparing' && state !== 'started') continue;
      await broadcasts.halt(id, by).catch((error: unknown) => {
        // It is stopped, and told to each device as soon as that is reached.
        if (error instanceof Failure && error.code === 'no-link') return;
        log.error({ err: error, broadcast: id }, 'a broadcast of an incident could not be stopped');
      });
    }
  }
}

/** What of a message is on the air, or was. */
const rolesOut = (ways: readonly Way[], message: string): Set<Role> =>
  new Set(
    ways.flatMap(({ message_id, role, state }) =>
      message_id === message && state !== null && state !== 'failed' ? [role] : [],
    ),
  );

/** Whether something newer stands in its place: nothing is taken off before that is on. */
function isReplaced({ message_id, role }: Way, message: string, out: ReadonlySet<Role>): boolean {
  if (message_id === message) return role === 'siren' && out.has('sound');
  return role === 'board' ? out.has('board') : out.has('sound') || out.has('siren');
}

/** Of words that did not go out: whether they will. */
const isSpoken = (state: ReturnType<typeof soundState>): Pick<MessageRow, 'state' | 'reason'> =>
  state === 'refused' || state === 'cancelled' || state === 'missing'
    ? { state: 'failed', reason: 'not-spoken' }
    : { state: 'preparing', reason: null };
