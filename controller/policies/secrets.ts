import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { SECRETS, type SecretName } from '../http/contract/policies.ts';

export interface SecretView {
  readonly name: SecretName;
  readonly set: boolean;
  readonly updatedAt: number | null;
  readonly updatedBy: string | null;
}

/** Keys and passwords of other systems. They are never told, logged, or sent to a browser. */
export class Secrets {
  readonly #deps: { readonly store: Store; readonly clock: Clock; readonly log: Logger };

  constructor(deps: { readonly store: Store; readonly clock: Clock; readonly log: Logger }) {
    this.#deps = deps;
  }

  /** @returns null when it is not set. */
  read(name: SecretName): string | null {
    return this.#row(name)?.value ?? null;
  }

  list(): SecretView[] {
    return SECRETS.map((name) => this.#view(name));
  }

  /** @param value null forgets it. */
  change(name: SecretName, value: string | null, by: string | null): SecretView {
    const { store, clock, log } = this.#deps;
    if (value === null) store.sqlite.prepare('DELETE FROM secret WHERE name = ?').run(name);
    else {
      store.sqlite
        .prepare('INSERT OR REPLACE INTO secret (name, value, updated_at, updated_by) VALUES (?, ?, ?, ?)')
        .run(name, value, Math.round(clock.now()), by);
    }
    log.info({ audit: 'secret', secret: name, set: value !== null, by }, 'a secret of the site was changed');
    return this.#view(name);
  }

  #view(name: SecretName): SecretView {
    const row = this.#row(name);
    return {
      name,
      set: row !== undefined,
      updatedAt: row?.updated_at ?? null,
      updatedBy: row?.updated_by ?? null,
    };
  }

  #row(name: SecretName): Row<'secret'> | undefined {
    return this.#deps.store.sqlite
      .prepare<[string], Row<'secret'>>('SELECT * FROM secret WHERE name = ?')
      .get(name);
  }
}
