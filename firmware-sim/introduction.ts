import type { z } from 'zod';
import type { Birth } from '#devices/messages/birth';
import { HostState } from '#devices/messages/host-state';

export type Facts = Omit<z.infer<typeof Birth>, 'v' | 'session'>;

/** Says who the device is: at every connection, and again whenever a controller begins anew and knows nobody. */
export class Introduction {
  readonly #facts: () => Facts;
  readonly #say: (birth: z.infer<typeof Birth>) => void;
  readonly #onNewController: (session: string) => void;
  #session: string | null = null;
  #epoch: string | null = null;

  constructor(
    facts: () => Facts,
    say: (birth: z.infer<typeof Birth>) => void,
    onNewController: (session: string) => void,
  ) {
    this.#facts = facts;
    this.#say = say;
    this.#onNewController = onNewController;
  }

  connected(session: string): void {
    this.#session = session;
    this.#say({ v: 1, session, ...this.#facts() });
  }

  disconnected(): void {
    this.#session = null;
  }

  /** A message of `host/state`, as it came. */
  hostState(message: unknown): void {
    const state = HostState.safeParse(message);
    if (!state.success || !state.data.online) return;
    const { epoch } = state.data;
    const news = this.#epoch !== null && this.#epoch !== epoch;
    this.#epoch = epoch;
    if (!news || this.#session === null) return;
    this.#onNewController(this.#session);
    this.connected(this.#session);
  }
}
