import type { CryptoKey } from 'jose';
import { ulid } from 'ulid';
import type { Broadcast } from '#devices/broadcast';
import type { Command } from '#devices/messages/command';
import { sign } from '#devices/signature';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { BroadcastCommandTable } from '../database/tables-broadcasts.ts';
import type { Address } from './audience.ts';

export interface OrdersDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly key: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly link: {
    sendCommand(device: string, jws: string): Promise<boolean>;
    sendGroupCommand(group: string, jws: string): Promise<boolean>;
  };
}

type OrderType = BroadcastCommandTable['type'];
export type Order = Extract<Command, { type: OrderType }>;
interface Sealed {
  readonly address: Address;
  readonly jti: string;
  readonly jws: string;
}
/** What an acknowledged command was about. */
export interface Meaning {
  readonly broadcast: string;
  readonly type: OrderType;
}

export const prepareOrder = ({ body }: { readonly body: Broadcast }): Order => ({
  v: 1,
  type: 'prepare',
  broadcast: body,
});
export const startOrder = (broadcast: Broadcast, t0: number): Order => ({
  v: 1,
  type: 'start',
  broadcast,
  t0,
});
export const stopOrder = (broadcast: string): Order => ({ v: 1, type: 'stop', broadcast });

/** What a person stops, or makes louder, is obeyed by then or not at all. */
export const ORDER_LIFE_MS = 30_000;
/** Acknowledgements come within the life of a command, or of the controller's last stand-still. */
const KEPT_MS = 86_400_000;
/** More commands than this are not on their way at once; older ones are looked up in the database. */
const MOST_KNOWN = 20_000;

/** Signs commands of broadcasts, one for each address, sends them, and knows later what an acknowledgement is about. */
export class Orders {
  readonly #deps: OrdersDeps;
  readonly #known = new Map<string, Meaning>();
  /** By broadcast: the last message that is being sealed. What comes after it must not overtake it. */
  readonly #last = new Map<string | null, Promise<unknown>>();

  constructor(deps: OrdersDeps) {
    this.#deps = deps;
  }

  /**
   * @param broadcast null for a stop of everything, whose acknowledgements concern no broadcast.
   * @param handed is called when the messages are on their way, in the same turn, before anything is written: what
   *   people wait for does not wait for the disk.
   * @returns whether the broker took any of them.
   */
  async send(
    addresses: readonly Address[],
    body: Order,
    expiresAt: number,
    broadcast: string | null,
    handed: () => void = () => {},
  ): Promise<boolean> {
    const sealing = this.#seal(addresses, body, expiresAt);
    // A stop that overtook its start would be forgotten by then.
    const sending = Promise.all([sealing, this.#last.get(broadcast)]).then(([sealed]) => {
      const taken = Promise.all(sealed.map((each) => this.#hand(each)));
      handed();
      if (broadcast !== null) this.#note(sealed, { broadcast, type: body.type });
      return { taken };
    });
    const settled = sending.catch(() => undefined);
    this.#last.set(broadcast, settled);
    try {
      const { taken } = await sending;
      return (await taken).includes(true);
    } finally {
      if (this.#last.get(broadcast) === settled) this.#last.delete(broadcast);
    }
  }

  #seal(addresses: readonly Address[], body: Order, expiresAt: number): Promise<Sealed[]> {
    const { clock, key } = this.#deps;
    const now = clock.now();
    return Promise.all(
      addresses.map(async (address) => {
        const jti = ulid(now);
        const claims = { jti, aud: address.id, issuedAt: now, expiresAt };
        return { address, jti, jws: await sign('command', body, claims, key) };
      }),
    );
  }

  #hand({ address, jws }: Sealed): Promise<boolean> {
    const { link } = this.#deps;
    return address.to === 'group'
      ? link.sendGroupCommand(address.id, jws)
      : link.sendCommand(address.id, jws);
  }

  /** What an acknowledged command was about; null when it is no command of a broadcast. */
  meaningOf(jti: string): Meaning | null {
    const known = this.#known.get(jti);
    if (known !== undefined) return known;
    const row = this.#deps.store.sqlite
      .prepare<[string], { broadcast_id: string; type: OrderType }>(
        'SELECT broadcast_id, type FROM broadcast_command WHERE id = ?',
      )
      .get(jti);
    if (row === undefined) return null;
    const meaning = { broadcast: row.broadcast_id, type: row.type };
    this.#remember(jti, meaning);
    return meaning;
  }

  /** In the turn in which they were sent: no acknowledgement comes in between. */
  #note(sealed: readonly Sealed[], meaning: Meaning): void {
    const { store, clock } = this.#deps;
    const { sqlite } = store;
    const now = Math.round(clock.now());
    const insert = sqlite.prepare(
      'INSERT INTO broadcast_command (id, broadcast_id, type, sent_at) VALUES (?, ?, ?, ?)',
    );
    sqlite.transaction(() => {
      for (const { jti } of sealed) insert.run(jti, meaning.broadcast, meaning.type, now);
      sqlite.prepare('DELETE FROM broadcast_command WHERE sent_at < ?').run(now - KEPT_MS);
    })();
    for (const { jti } of sealed) this.#remember(jti, meaning);
  }

  #remember(jti: string, meaning: Meaning): void {
    if (this.#known.size >= MOST_KNOWN) {
      const oldest = this.#known.keys().next().value;
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(jti, meaning);
  }
}
