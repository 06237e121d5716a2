import type { CryptoKey } from 'jose';
import { ulid } from 'ulid';
import { type Ack, SelfTest } from '#devices/messages/ack';
import { Command } from '#devices/messages/command';
import { sign } from '#devices/signature';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import { CommandState } from '../http/contract/devices.ts';

export interface CommandsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly key: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly link: { sendCommand(device: string, jws: string): Promise<boolean> };
}

/** A command that is not obeyed by then is dead: nobody wants a stop from half an hour ago. */
export const COMMAND_LIFE_MS: Record<Command['type'], number> = {
  identify: 30_000,
  stop: 30_000,
  'set-volume': 30_000,
  capture: 30_000,
  reboot: 30_000,
  /** May wait for the end of what plays. */
  'self-test': 60_000,
  prepare: 0,
  start: 0,
};
/** An acknowledgement may be on its way when the command expires. */
const LATE_ACK_MS = 5_000;
const KEPT_MS = 365 * 86_400_000;

/** How far a command came. It only moves forward: acknowledgements may come twice, or in another order. */
const RANK: Record<CommandState['state'], number> = {
  issued: 0,
  received: 1,
  ready: 2,
  started: 3,
  expired: 4,
  rejected: 5,
  ended: 6,
};

/** Commands are signed, expire, are never queued for the absent, and are followed by the device's acknowledgements. */
export class Commands implements Component {
  readonly #deps: CommandsDeps;
  #nextExpiry: number | null = null;

  constructor(deps: CommandsDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#nextExpiry = 0;
  }

  async stop(): Promise<void> {}

  /**
   * @throws Failure 503 `no-link` when there is no broker to give it to; it will not be sent later either. 422
   *   `only-by-broadcast` for what only makes sense to several devices at once.
   */
  async issue(device: string, body: Command, by: string | null): Promise<CommandState> {
    const { store, clock, key, link } = this.#deps;
    if (body.type === 'prepare' || body.type === 'start') {
      throw new Failure(
        'only-by-broadcast',
        `“${body.type}” belongs to a broadcast, which keeps its devices together; use POST /broadcasts with this device as target.`,
        { status: 422, params: { type: body.type } },
      );
    }
    const known = store.sqlite
      .prepare('SELECT 1 FROM device WHERE id = ? AND removed_at IS NULL')
      .get(device);
    if (known === undefined) throw notFound('device', device);
    const now = clock.now();
    const id = ulid(now);
    const expiresAt = now + COMMAND_LIFE_MS[body.type];
    const jws = await sign('command', body, { jti: id, aud: device, issuedAt: now, expiresAt }, key);
    store.sqlite
      .prepare(
        `INSERT INTO command (id, device_id, body, state, issued_at, expires_at, updated_at, issued_by)
          VALUES (?, ?, ?, 'issued', ?, ?, ?, ?)`,
      )
      .run(id, device, JSON.stringify(body), now, expiresAt, now, by);
    this.#nextExpiry ??= expiresAt;
    if (!(await link.sendCommand(device, jws))) {
      this.#move(id, device, 'expired', 'no-link');
      throw new Failure('no-link', 'There is no connection to the MQTT broker; try again in a moment.', {
        status: 503,
      });
    }
    this.#deps.changes.announce('device', device);
    return this.#one(id);
  }

  acknowledged(device: string, { id, state, reason, selfTest }: Ack): void {
    if (id !== null) this.#move(id, device, state, reason ?? null, selfTest ?? null);
  }

  /** The last commands of a device, newest first. */
  list(device: string): CommandState[] {
    return this.#deps.store.sqlite
      .prepare<[string], Row<'command'>>(
        'SELECT * FROM command WHERE device_id = ? ORDER BY issued_at DESC LIMIT 50',
      )
      .all(device)
      .map(commandState);
  }

  /** Commands that nobody acknowledged expire; what is older than a year goes. To be called every few seconds. */
  sweep(): void {
    const { store, clock, changes } = this.#deps;
    const now = clock.now();
    if (this.#nextExpiry === null || now < this.#nextExpiry + LATE_ACK_MS) return;
    const gone = store.sqlite
      .prepare<[number, number], string>(
        `UPDATE command SET state = 'expired', updated_at = ? WHERE state = 'issued' AND expires_at < ? RETURNING device_id`,
      )
      .pluck()
      .all(now, now - LATE_ACK_MS);
    store.sqlite.prepare('DELETE FROM command WHERE issued_at < ?').run(now - KEPT_MS);
    this.#nextExpiry =
      store.sqlite
        .prepare<[], number | null>("SELECT min(expires_at) FROM command WHERE state = 'issued'")
        .pluck()
        .get() ?? null;
    for (const device of gone) changes.announce('device', device);
  }

  #move(
    id: string,
    device: string,
    state: CommandState['state'],
    reason: string | null,
    selfTest: SelfTest | null = null,
  ): void {
    const { store, clock, changes } = this.#deps;
    const row = store.sqlite
      .prepare<[string, string], Row<'command'>>('SELECT * FROM command WHERE id = ? AND device_id = ?')
      .get(id, device);
    if (row === undefined) return;
    const before = RANK[commandState(row).state];
    // An expired command whose acknowledgement was late did happen after all.
    if (RANK[state] <= before && !(row.state === 'expired' && state !== 'expired')) return;
    store.sqlite
      .prepare(
        'UPDATE command SET state = ?, reason = ?, updated_at = ?, self_test = coalesce(?, self_test) WHERE id = ?',
      )
      .run(state, reason, clock.now(), selfTest === null ? null : JSON.stringify(selfTest), id);
    changes.announce('device', device);
  }

  #one(id: string): CommandState {
    const row = this.#deps.store.sqlite
      .prepare<[string], Row<'command'>>('SELECT * FROM command WHERE id = ?')
      .get(id);
    if (row === undefined) throw notFound('command', id);
    return commandState(row);
  }
}

const commandState = (row: Row<'command'>): CommandState => ({
  id: row.id,
  body: Command.parse(JSON.parse(row.body)),
  state: CommandState.shape.state.parse(row.state),
  reason: row.reason,
  issuedAt: row.issued_at,
  expiresAt: row.expires_at,
  updatedAt: row.updated_at,
  selfTest: row.self_test === null ? null : SelfTest.parse(JSON.parse(row.self_test)),
});
