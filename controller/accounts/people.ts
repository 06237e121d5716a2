import type { Logger } from 'pino';
import { z } from 'zod';
import type { Changes } from '../changes.ts';
import { Failure, notFound } from '../failure.ts';
import type { Person } from '../http/contract/people.ts';
import { ROLES, type Role } from '../http/contract/route.ts';
import type { Authentication } from './authentication.ts';
import { makeAccount, nameTaken } from './new-account.ts';
import { randomPassword } from './random-password.ts';

export interface PeopleDeps {
  readonly authentication: Authentication;
  readonly changes: Changes;
  readonly log: Logger;
}

/** Who decides about an account: never about his own role, and never against the last administrator. */
interface By {
  readonly id: string;
  readonly name: string;
}

const User = z.object({
  id: z.string(),
  name: z.string(),
  username: z.string(),
  role: z.enum(ROLES),
  mustChangePassword: z.boolean(),
  disabled: z.boolean().nullish(),
  createdAt: z.coerce.date(),
});

/** More people than one page shows; a ward has a handful. */
const MOST = 1_000;

/** Whoever may sign in. Nobody is deleted: the log names people, and a name is not given to another. */
export class People {
  readonly #deps: PeopleDeps;

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
  }

  /** By name. */
  async list(): Promise<Person[]> {
    const { internalAdapter } = await this.#deps.authentication.$context;
    const users = await internalAdapter.listUsers(MOST);
    return users.map(view).sort((one, other) => one.name.localeCompare(other.name, 'vi'));
  }

  /** @throws Failure 409 `name-taken`, `too-many-people`. */
  async add(
    wanted: { readonly name: string; readonly username: string; readonly role: Role },
    by: By,
  ): Promise<{ person: Person; password: string }> {
    const { authentication, changes, log } = this.#deps;
    if (await nameTaken(authentication, wanted.username)) {
      throw new Failure(
        'name-taken',
        `Somebody signs in as “${wanted.username}” already, or did; choose another name.`,
        { status: 409, params: { username: wanted.username } },
      );
    }
    if ((await this.list()).length >= MOST) {
      throw new Failure('too-many-people', `There are ${MOST} accounts; no more are possible.`, {
        status: 409,
        params: { limit: MOST },
      });
    }
    const { id, password } = await makeAccount(authentication, wanted);
    log.info({ audit: 'person-added', person: id, ...wanted, by: by.name }, 'an account was made');
    changes.announce('person', id);
    return { person: await this.#person(id), password };
  }

  /** @throws Failure `not-found`; 409 `own-account`, `last-administrator`. */
  async change(
    id: string,
    change: {
      readonly name?: string | undefined;
      readonly role?: Role | undefined;
      readonly disabled?: boolean | undefined;
    },
    by: By,
  ): Promise<Person> {
    const { authentication, changes, log } = this.#deps;
    const before = await this.#person(id);
    const { name = before.name, role = before.role, disabled = before.disabled } = change;
    if (role !== before.role || disabled !== before.disabled) {
      refuseOneself(id, by);
      if (role !== 'administrator' || disabled) await this.#refuseLastAdministrator(before);
    }
    const { internalAdapter } = await authentication.$context;
    await internalAdapter.updateUser(id, { name, role, disabled });
    // What was open goes on by the new role; whoever is shut out, is out at once.
    if (disabled) await internalAdapter.deleteUserSessions(id);
    log.info(
      { audit: 'person-changed', person: id, name, role, disabled, by: by.name },
      'an account was changed',
    );
    changes.announce('person', id);
    return this.#person(id);
  }

  /** @returns a new random password, told once. @throws Failure `not-found`; 409 `own-account`. */
  async renewPassword(id: string, by: By): Promise<string> {
    const { authentication, changes, log } = this.#deps;
    await this.#person(id);
    refuseOneself(id, by);
    const { internalAdapter, password: hashing } = await authentication.$context;
    const password = randomPassword();
    await internalAdapter.updatePassword(id, await hashing.hash(password));
    await internalAdapter.updateUser(id, { mustChangePassword: true });
    await internalAdapter.deleteUserSessions(id);
    log.info({ audit: 'person-password', person: id, by: by.name }, 'an account has a new password');
    changes.announce('person', id);
    return password;
  }

  async #person(id: string): Promise<Person> {
    const { internalAdapter } = await this.#deps.authentication.$context;
    const user = await internalAdapter.findUserById(id);
    if (user === null) throw notFound('account', id);
    return view(user);
  }

  async #refuseLastAdministrator({ id, name }: Person): Promise<void> {
    const left = (await this.list()).some(
      (person) => person.id !== id && person.role === 'administrator' && !person.disabled,
    );
    if (left) return;
    throw new Failure(
      'last-administrator',
      `“${name}” is the only administrator; make another one first, or nobody could undo this.`,
      { status: 409, params: { name } },
    );
  }
}

function refuseOneself(id: string, by: By): void {
  if (id !== by.id) return;
  throw new Failure(
    'own-account',
    'Nobody changes the role of his own account, shuts it, or gives it another password here; ask another administrator.',
    { status: 409 },
  );
}

function view(user: unknown): Person {
  const { createdAt, disabled, ...rest } = User.parse(user);
  return { ...rest, disabled: disabled === true, createdAt: createdAt.getTime() };
}
