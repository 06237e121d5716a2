import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { POLICIES, type Policy, type PolicyName } from '../http/contract/policies.ts';

export interface PoliciesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
}

export interface PolicyView<N extends PolicyName> {
  readonly value: Policy<N>;
  readonly updatedAt: number | null;
  readonly updatedBy: string | null;
}

/** What an administrator decided for the site; each policy has defaults, so that there is always one. */
export class Policies {
  readonly #deps: PoliciesDeps;
  readonly #known = new Map<PolicyName, PolicyView<PolicyName>>();

  constructor(deps: PoliciesDeps) {
    this.#deps = deps;
  }

  read<N extends PolicyName>(name: N): Policy<N> {
    return this.view(name).value;
  }

  view<N extends PolicyName>(name: N): PolicyView<N> {
    const known = (this.#known.get(name) ?? this.#load(name)) as PolicyView<N>;
    this.#known.set(name, known);
    return known;
  }

  /** Replaces a policy whole; it counts at once. Announced as `policy` with its name. */
  change<N extends PolicyName>(name: N, value: Policy<N>, by: string | null): PolicyView<N> {
    const { store, clock, changes, log } = this.#deps;
    store.sqlite
      .prepare(
        `INSERT INTO policy (name, value, updated_at, updated_by) VALUES (@name, @value, @now, @by)
          ON CONFLICT DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
      )
      .run({ name, value: JSON.stringify(value), now: Math.round(clock.now()), by });
    this.#known.delete(name);
    log.info({ audit: 'policy', policy: name, by }, 'a policy of the site was changed');
    changes.announce('policy', name);
    return this.view(name);
  }

  #load<N extends PolicyName>(name: N): PolicyView<N> {
    const row = this.#deps.store.sqlite
      .prepare<[string], Row<'policy'>>('SELECT * FROM policy WHERE name = ?')
      .get(name);
    // What an older version stored is filled up with the defaults of what has come since.
    const value = POLICIES[name].parse(row === undefined ? {} : JSON.parse(row.value)) as Policy<N>;
    return { value, updatedAt: row?.updated_at ?? null, updatedBy: row?.updated_by ?? null };
  }
}
