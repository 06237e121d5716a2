import type { Admission } from './thread-messages.ts';

/**
 * Who may use the broker. The embedded one is told at once; an external broker keeps its own accounts, and its
 * operator is told where to take them from.
 */
export interface Gate {
  /** Lets devices sign in with a credential and hear their groups; known ones are changed. */
  admit(admissions: readonly Admission[]): void;
  /** Turns a device away, now and later. */
  expel(device: string): void;
}

export const openGate: Gate = { admit: () => {}, expel: () => {} };
