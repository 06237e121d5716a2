import { createHash, timingSafeEqual } from 'node:crypto';
import type { Admission } from './thread-messages.ts';

const NO_GROUPS: ReadonlySet<string> = new Set();
const digest = (secret: Uint8Array | string): Buffer => createHash('sha256').update(secret).digest();
/** Compared with when there is no such device, so that the time taken does not tell names that exist. */
const NOBODY = digest(crypto.randomUUID());

/** Who may sign in, by the hash of their credential, and the groups that they may hear. */
export class Credentials {
  readonly #known = new Map<string, { hash: Buffer; groups: ReadonlySet<string> }>();

  /** @returns whether the device had another credential before. */
  admit({ device, credentialHash, groups }: Admission): 'new' | 'same' | 'changed' {
    const hash = Buffer.from(credentialHash, 'hex');
    const before = this.#known.get(device);
    this.#known.set(device, { hash, groups: new Set(groups) });
    if (before === undefined) return 'new';
    return before.hash.equals(hash) ? 'same' : 'changed';
  }

  expel(device: string): void {
    this.#known.delete(device);
  }

  knows(device: string): boolean {
    return this.#known.has(device);
  }

  groupsOf(device: string): ReadonlySet<string> {
    return this.#known.get(device)?.groups ?? NO_GROUPS;
  }

  check(device: string, secret: Uint8Array | string): boolean {
    const entry = this.#known.get(device);
    const equal = timingSafeEqual(digest(secret), entry?.hash.length === 32 ? entry.hash : NOBODY);
    return equal && entry !== undefined;
  }
}
