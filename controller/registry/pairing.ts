import { createHash, randomBytes } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { PairAnswer, PairRequest, PublicJwk } from '#devices/pairing';
import type { Gate } from '../broker/gate.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import type { Pairing as PairingView } from '../http/contract/devices.ts';
import { letIn } from './let-in.ts';
import { admissions } from './membership.ts';
import { openPairing, waitingPairings } from './pairing-rows.ts';
import { isProven } from './proof.ts';
import { every } from './ticking.ts';

export interface PairingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly key: { readonly kid: string; readonly publicJwk: PublicJwk };
  readonly gate: Gate;
  /** Told of a device that was let in, new or with a new key. */
  readonly welcome: (device: string) => void;
  readonly limits?: Partial<typeof PAIRING_LIMITS>;
}

/** Where a device reaches this controller, as the one that asks does. */
export interface Endpoints {
  readonly brokers: string[];
  readonly http: string;
}

export const PAIRING_LIMITS = { pending: 200, pendingPerAddress: 64, lifeMs: 15 * 60_000 };
/** Between the approval and the first connection; then it must be approved again. */
const COLLECT_MS = 24 * 3_600_000;
const RETRY_MS = 3_000;
const SWEEP_MS = 15_000;

/**
 * Lets devices in: one asks with a key of its own and a code that it shows, a technician compares the code and approves,
 * and whoever holds the key collects a credential. Of that only the hash is stored; the plain one is kept in memory
 * until the device has used it, and made anew if this process restarts before.
 */
export class Pairing implements Component {
  readonly #deps: PairingDeps;
  readonly #limits: typeof PAIRING_LIMITS;
  /** By pairing. */
  readonly #credentials = new Map<string, string>();
  /** Devices that were approved and have not connected yet, with their pairing. */
  readonly #awaited = new Map<string, string>();
  #end: (() => void) | undefined;

  constructor(deps: PairingDeps) {
    this.#deps = deps;
    this.#limits = { ...PAIRING_LIMITS, ...deps.limits };
  }

  async start(): Promise<void> {
    const rows = this.#deps.store.sqlite
      .prepare<[], { id: string; device_id: string }>(
        "SELECT id, device_id FROM pairing WHERE state = 'approved' AND device_id IS NOT NULL",
      )
      .all();
    for (const row of rows) this.#awaited.set(row.device_id, row.id);
    this.#end = every(SWEEP_MS, 'ending old pairing requests', this.#deps.log, () => this.sweep());
  }

  async stop(): Promise<void> {
    this.#end?.();
  }

  /**
   * A device asks, again and again until it is answered.
   * @throws Failure `wrong-proof` (403), or `too-many-pairings` (503) when too many wait already.
   */
  async ask(request: PairRequest, address: string, endpoints: Endpoints): Promise<PairAnswer> {
    if (!(await isProven(request))) {
      this.#deps.log.warn(
        { audit: 'pairing-wrong-proof', address, serial: request.serial },
        'pairing refused',
      );
      throw new Failure(
        'wrong-proof',
        'The proof is not signed by the key that is offered, over this code and serial.',
        {
          status: 403,
        },
      );
    }
    const thumbprint = await calculateJwkThumbprint(request.publicKey);
    const now = this.#deps.clock.now();
    this.sweep();
    const row = this.#deps.store.sqlite
      .prepare<[string], Row<'pairing'>>('SELECT * FROM pairing WHERE thumbprint = ?')
      .get(thumbprint);
    if (row?.state === 'approved' && row.device_id !== null) {
      return this.#approved(row.id, row.device_id, endpoints);
    }
    if (row?.state === 'refused' && now < row.expires_at) return { state: 'refused' };
    if (row?.state === 'pending' && row.code === request.code && row.serial === request.serial) {
      this.#deps.store.sqlite.prepare('UPDATE pairing SET last_asked_at = ? WHERE id = ?').run(now, row.id);
      return { state: 'pending', retryAfterMs: RETRY_MS, expiresAt: row.expires_at };
    }
    return this.#open(request, thumbprint, address, now);
  }

  list(): PairingView[] {
    return waitingPairings(this.#deps.store, this.#deps.clock.now());
  }

  /** @returns the device's id: a new one, or the one it had when its model and serial are known. */
  approve(
    id: string,
    entry: { name: string; areaId: string | null },
    by: { id: string; name: string },
  ): string {
    const { store, clock, changes, log, gate, welcome } = this.#deps;
    const row = this.#pending(id);
    const { credential, hash } = newCredential();
    const now = clock.now();
    const { device, replaced } = store.sqlite.transaction(() => {
      const result = letIn(store, { ...row, kind: kindOf(row.kind) }, entry, hash, now);
      store.sqlite
        .prepare(
          "UPDATE pairing SET state = 'approved', device_id = ?, decided_at = ?, decided_by = ? WHERE id = ?",
        )
        .run(result.device, now, by.id, id);
      return result;
    })();
    this.#credentials.set(id, credential);
    this.#awaited.set(device, id);
    gate.admit(admissions(store, [device]));
    log.info(
      { audit: 'pairing-approved', pairing: id, device, replaced, by: by.name, serial: row.serial },
      'let in',
    );
    changes.announce('pairing', id);
    changes.announce('device', device);
    welcome(device);
    return device;
  }

  refuse(id: string, by: { id: string; name: string }): void {
    const { store, clock, changes, log } = this.#deps;
    const row = this.#pending(id);
    const now = clock.now();
    store.sqlite
      .prepare(
        "UPDATE pairing SET state = 'refused', decided_at = ?, decided_by = ?, expires_at = ? WHERE id = ?",
      )
      .run(now, by.id, now + this.#limits.lifeMs, id);
    log.info({ audit: 'pairing-refused', pairing: id, by: by.name, serial: row.serial }, 'turned away');
    changes.announce('pairing', id);
  }

  /** The device connected with its credential: it has it, and nobody is told it again. */
  collected(device: string): void {
    const id = this.#awaited.get(device);
    if (id === undefined) return;
    const { store, changes, log } = this.#deps;
    this.#awaited.delete(device);
    this.#credentials.delete(id);
    store.sqlite
      .prepare("UPDATE pairing SET state = 'collected' WHERE id = ? AND state = 'approved'")
      .run(id);
    log.info({ audit: 'pairing-collected', pairing: id, device }, 'connected for the first time');
    changes.announce('pairing', id);
  }

  /** Ends what waited too long. */
  sweep(): void {
    const { store, clock, changes } = this.#deps;
    const now = clock.now();
    const over = store.sqlite
      .prepare<[number, number], { id: string; device_id: string | null }>(
        `UPDATE pairing SET state = 'expired'
          WHERE (state = 'pending' AND expires_at <= ?) OR (state = 'approved' AND decided_at <= ?)
          RETURNING id, device_id`,
      )
      .all(now, now - COLLECT_MS);
    for (const { id, device_id } of over) {
      this.#credentials.delete(id);
      if (device_id !== null && this.#awaited.get(device_id) === id) this.#awaited.delete(device_id);
      changes.announce('pairing', id);
    }
  }

  #pending(id: string): Row<'pairing'> {
    this.sweep();
    const row = this.#deps.store.sqlite
      .prepare<[string], Row<'pairing'>>('SELECT * FROM pairing WHERE id = ?')
      .get(id);
    if (row === undefined) throw notFound('pairing', id);
    if (row.state === 'pending') return row;
    throw new Failure('pairing-over', `The request ${id} is ${row.state}; look at the list again.`, {
      status: 409,
      params: { state: row.state },
    });
  }

  #open(request: PairRequest, thumbprint: string, address: string, now: number): PairAnswer {
    const { store, changes, log } = this.#deps;
    const { sqlite } = store;
    const waiting = sqlite
      .prepare<[string, string], { total: number; here: number | null }>(
        `SELECT count(*) AS total, sum(remote_address = ?) AS here FROM pairing
          WHERE state = 'pending' AND thumbprint <> ?`,
      )
      .get(address, thumbprint);
    const { pending, pendingPerAddress, lifeMs } = this.#limits;
    if ((waiting?.total ?? 0) >= pending || (waiting?.here ?? 0) >= pendingPerAddress) {
      throw new Failure(
        'too-many-pairings',
        'Too many devices wait to be let in; approve or refuse some first.',
        {
          status: 503,
        },
      );
    }
    const id = ulid(now);
    const expiresAt = now + lifeMs;
    openPairing(store, { id, request, thumbprint, address, now, expiresAt });
    log.info(
      { audit: 'pairing-asked', pairing: id, address, serial: request.serial, model: request.model },
      'a device asks',
    );
    changes.announce('pairing', id);
    return { state: 'pending', retryAfterMs: RETRY_MS, expiresAt };
  }

  #approved(id: string, device: string, { brokers, http }: Endpoints): PairAnswer {
    const { key } = this.#deps;
    const credential = this.#credentials.get(id) ?? this.#again(id, device);
    return {
      state: 'approved',
      device,
      credential,
      controllerKey: { ...key.publicJwk, kid: key.kid },
      brokers,
      http,
    };
  }

  /** The plain credential was forgotten with an earlier process: nobody ever used it, and it is replaced. */
  #again(id: string, device: string): string {
    const { store, gate } = this.#deps;
    const { credential, hash } = newCredential();
    store.sqlite.prepare('UPDATE device SET credential_hash = ? WHERE id = ?').run(hash, device);
    this.#credentials.set(id, credential);
    gate.admit(admissions(store, [device]));
    return credential;
  }
}

function newCredential(): { credential: string; hash: string } {
  const credential = randomBytes(32).toString('base64url');
  return { credential, hash: createHash('sha256').update(credential).digest('hex') };
}

const kindOf = (text: string): 'speaker' | 'board' => (text === 'board' ? 'board' : 'speaker');
