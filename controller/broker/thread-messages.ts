import type { KeyPair } from '../tls/certificate.ts';

/** What the main thread and the broker's thread say to each other. Plain data only: it is copied between heaps. */

/** A device that may sign in, with what it may hear beside its own topics. */
export interface Admission {
  readonly device: string;
  /** SHA-256 of the credential, lower-case hexadecimal. The credential itself is never here. */
  readonly credentialHash: string;
  readonly groups: readonly string[];
}

/** How much the open port bears (R42). Each can be set lower in a test. */
export interface BrokerLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Connected, but not signed in yet. */
  readonly pending: number;
  /** Failed sign-ins in a minute, by address and by address and name. */
  readonly failuresPerAddress: number;
  readonly failuresPerName: number;
  /** Publishes of one device: sustained in a second, and at once. */
  readonly publishesPerSecond: number;
  readonly publishBurst: number;
  /** A socket with more than this waiting in it gets no QoS 0, and with four times as much is closed. */
  readonly backlogBytes: number;
  /** A socket that takes nothing for this long is closed. */
  readonly drainTimeoutMs: number;
}

export const BROKER_LIMITS: BrokerLimits = {
  connections: 12_000,
  // A whole ward may sit behind one address of a mobile carrier.
  connectionsPerAddress: 11_000,
  pending: 2_000,
  failuresPerAddress: 300,
  failuresPerName: 10,
  publishesPerSecond: 100,
  publishBurst: 1_000,
  backlogBytes: 256 * 1024,
  drainTimeoutMs: 5_000,
};

export interface BrokerSetup {
  readonly host: string;
  readonly port: number;
  readonly limits: BrokerLimits;
  /** Null: the port speaks no TLS. */
  readonly tls: KeyPair | null;
  /** The controller's own account, new in every process. */
  readonly controllerPasswordHash: string;
  /** Proves to the loopback listener that a connection comes through this process's HTTP port. */
  readonly relaySecret: string;
}

export interface BrokerRefusal {
  readonly device: string;
  readonly reason: string;
  readonly topic: string;
  readonly detail: string | null;
  readonly count: number;
}

export interface BrokerStats {
  readonly clients: number;
  readonly received: number;
  readonly delivered: number;
  /** QoS 0 not sent to a socket that was backed up. */
  readonly dropped: number;
  readonly refused: number;
  readonly failedSignIns: number;
  readonly retained: number;
}

export type ToBroker =
  | { readonly type: 'listen' }
  | { readonly type: 'admit'; readonly items: readonly Admission[] }
  | { readonly type: 'expel'; readonly device: string }
  | { readonly type: 'renew'; readonly tls: KeyPair }
  | { readonly type: 'stop' };

export type FromBroker =
  | {
      readonly type: 'listening';
      readonly port: number;
      readonly ownPort: number;
      readonly relayPort: number;
    }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'refusals'; readonly items: readonly BrokerRefusal[] }
  | { readonly type: 'connections'; readonly items: readonly { device: string; connected: boolean }[] }
  | { readonly type: 'stats'; readonly stats: BrokerStats }
  | { readonly type: 'stopped' };
