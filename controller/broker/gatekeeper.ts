import type { Duplex } from 'node:stream';
import type { AedesOptions, AuthErrorCode, AuthenticateError, Client, ConnectPacket } from 'aedes';
import { MAX_PACKET_BYTES } from '#devices/topics';
import { FailureCount } from './budget.ts';
import type { Credentials } from './credentials.ts';
import { type Fence, fence } from './packet-fence.ts';
import { CONTROLLER, judgePublish } from './policy.ts';
import type { BrokerLimits } from './thread-messages.ts';

/** A CONNECT needs an id, a name, a credential and a will; nothing of the contract's comes near this. */
const MAX_CONNECT_BYTES = 2_048;

type Reported = (device: string, reason: string, topic: string, detail: string | null) => void;

/** What is known of a connection beside what aedes knows. */
export interface Peer {
  readonly address: string;
  readonly fence: Fence;
  pending: boolean;
  connect: ConnectPacket | null;
}

/** Lets connections in: counts them, bounds them, and checks who they are. */
export class Gatekeeper {
  readonly #limits: BrokerLimits;
  readonly #credentials: Credentials;
  readonly #refuse: Reported;
  readonly #peers = new WeakMap<Client, Peer>();
  readonly #byAddress = new Map<string, number>();
  readonly #failuresByAddress: FailureCount;
  readonly #failuresByName: FailureCount;
  #open = 0;
  #pending = 0;
  failedSignIns = 0;

  constructor(limits: BrokerLimits, credentials: Credentials, refuse: Reported) {
    this.#limits = limits;
    this.#credentials = credentials;
    this.#refuse = refuse;
    this.#failuresByAddress = new FailureCount(limits.failuresPerAddress);
    this.#failuresByName = new FailureCount(limits.failuresPerName);
  }

  peer(client: Client): Peer | undefined {
    return this.#peers.get(client);
  }

  /** Hands a new connection to `handle`, or ends it at once when there are too many. */
  enter(connection: Duplex, address: string, handle: (connection: Duplex) => Client): void {
    const { connections, connectionsPerAddress, pending } = this.#limits;
    const neighbours = this.#byAddress.get(address) ?? 0;
    if (this.#open >= connections || neighbours >= connectionsPerAddress || this.#pending >= pending) {
      connection.on('error', () => {});
      connection.destroy();
      return;
    }
    this.#open += 1;
    this.#pending += 1;
    this.#byAddress.set(address, neighbours + 1);
    let client: Client | undefined;
    const peer: Peer = {
      address,
      pending: true,
      connect: null,
      fence: fence(connection, MAX_CONNECT_BYTES, (bytes) => {
        if (client !== undefined && !peer.pending && client.id !== CONTROLLER) {
          this.#refuse(client.id, 'oversized', '', `a packet of ${bytes} bytes; the connection was closed`);
        }
      }),
    };
    connection.once('close', () => {
      this.#open -= 1;
      this.#arrived(peer);
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    });
    client = handle(connection);
    this.#peers.set(client, peer);
  }

  readonly preConnect: NonNullable<AedesOptions['preConnect']> = (client, packet, callback) => {
    const peer = this.#peers.get(client);
    if (peer === undefined) return callback(null, false);
    // Every session is a clean one: nothing is queued for the absent. CONNACK says so (§3.2.2.2).
    packet.clean = true;
    peer.connect = packet;
    const now = Date.now();
    const tired =
      this.#failuresByAddress.exhausted(peer.address, now) ||
      this.#failuresByName.exhausted(`${peer.address} ${packet.clientId}`, now);
    callback(tired ? new Error('too many failed sign-ins') : null, !tired);
  };

  readonly authenticate: NonNullable<AedesOptions['authenticate']> = (
    client,
    username,
    password,
    callback,
  ) => {
    const peer = this.#peers.get(client);
    const reason = this.#objection(client.id, username, password, peer?.connect ?? null);
    if (reason === null && peer !== undefined) {
      this.#arrived(peer);
      peer.fence.maxBytes = MAX_PACKET_BYTES;
      return callback(null, true);
    }
    this.failedSignIns += 1;
    const now = Date.now();
    const address = peer?.address ?? '';
    this.#failuresByAddress.add(address, now);
    this.#failuresByName.add(`${address} ${client.id}`, now);
    // Names that nobody has are counted, but leave no trace in the database.
    if (this.#credentials.knows(client.id)) {
      this.#refuse(client.id, reason ?? 'wrong-credential', '', `a sign-in from ${address}`);
    }
    callback(new SignInError(reason ?? 'refused'), false);
  };

  #objection(
    id: string,
    username: string | undefined,
    password: Uint8Array | undefined,
    connect: ConnectPacket | null,
  ): string | null {
    if (username !== id || password === undefined || !this.#credentials.check(id, password)) {
      return 'wrong-credential';
    }
    const will = connect?.will;
    if (will === undefined || id === CONTROLLER) return null;
    const judged = judgePublish(id, { ...will, qos: will.qos ?? 0, retain: will.retain ?? false });
    return 'refused' in judged ? 'foreign-will' : null;
  }

  #arrived(peer: Peer): void {
    if (!peer.pending) return;
    peer.pending = false;
    this.#pending -= 1;
  }
}

/** CONNACK return code 4, bad user name or password (§3.2.2.3): the same for every cause. */
class SignInError extends Error implements AuthenticateError {
  readonly returnCode = 4 as AuthErrorCode.BAD_USERNAME_OR_PASSWORD;
}
