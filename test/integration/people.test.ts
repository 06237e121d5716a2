import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureAdministrator } from '#controller/accounts/administrator';
import {
  type Authentication,
  createAuthentication,
  migrateAccounts,
} from '#controller/accounts/authentication';
import { People } from '#controller/accounts/people';
import { accountOf } from '#controller/accounts/session';
import { Changes } from '#controller/changes';
import { openStore, type Store } from '#controller/database/open';
import { routes } from '#controller/http/contract/index';

let store: Store;
let authentication: Authentication;
let people: People;
let audit: Record<string, unknown>[];
let announced: string[];
let first: { username: string; password: string };
let admin: { id: string; name: string };

const open = async (opened: Store) => {
  store = opened;
  authentication = createAuthentication(store, { secret: 's'.repeat(40), publicUrl: 'http://localhost' });
  await migrateAccounts(authentication);
  audit = [];
  announced = [];
  const changes = new Changes();
  changes.listen((entity, id) => announced.push(`${entity} ${id}`));
  const log = pino({ level: 'info' }, { write: (line: string) => void audit.push(JSON.parse(line)) });
  people = new People({ authentication, changes, log });
};
beforeEach(async () => {
  await open(openStore(':memory:'));
  first = (await ensureAdministrator(authentication)) ?? { username: '', password: '' };
  const [only] = await people.list();
  admin = { id: only?.id ?? '', name: only?.name ?? '' };
});
afterEach(() => store.close());

const signIn = async (username: string, password: string): Promise<string | null> => {
  const answer = await authentication.api.signInUsername({ body: { username, password }, asResponse: true });
  return answer.ok
    ? answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ')
    : null;
};
const here = async (cookie: string | null) => accountOf(authentication, { cookie: cookie ?? '' });
const second = { name: 'Trần Thị Hoa', username: 'hoa', role: 'approver' } as const;

test('a second person comes in with a password that was told once, and must choose another', async () => {
  const { person, password } = await people.add(second, admin);
  expect(person).toMatchObject({ ...second, mustChangePassword: true, disabled: false });
  expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
  expect(await here(await signIn('hoa', password))).toMatchObject({ ...second, mustChangePassword: true });
  expect(await signIn('hoa', first.password)).toBeNull();
  expect((await people.list()).map(({ username }) => username)).toEqual(['admin', 'hoa']);
  expect(announced).toContain(`person ${person.id}`);
  expect(JSON.stringify(audit)).toContain('person-added');
  expect(JSON.stringify(audit)).not.toContain(password);
});

test('a name belongs to one person, also when that one was shut out', async () => {
  const { person } = await people.add(second, admin);
  await people.change(person.id, { disabled: true }, admin);
  await expect(people.add({ ...second, name: 'Một người khác' }, admin)).rejects.toMatchObject({
    ...{ code: 'name-taken', status: 409 },
  });
  await expect(people.add({ ...second, username: 'admin' }, admin)).rejects.toMatchObject({
    code: 'name-taken',
  });
});

test('who is shut out is out at once, cannot come back, and is let in again as before', async () => {
  const { person, password } = await people.add(second, admin);
  const cookie = await signIn('hoa', password);
  expect(await here(cookie)).not.toBeNull();
  await people.change(person.id, { disabled: true }, admin);
  expect(await here(cookie)).toBeNull();
  expect(await signIn('hoa', password)).toBeNull();
  await people.change(person.id, { disabled: false }, admin);
  expect(await here(await signIn('hoa', password))).toMatchObject({ username: 'hoa', role: 'approver' });
});

test('another role holds from the next request on', async () => {
  const { person, password } = await people.add(second, admin);
  const cookie = await signIn('hoa', password);
  await people.change(person.id, { role: 'viewer', name: 'Hoa' }, admin);
  expect(await here(cookie)).toMatchObject({ role: 'viewer', name: 'Hoa' });
});

test('a new password ends every session, and the old one opens nothing', async () => {
  const { person, password } = await people.add(second, admin);
  const cookie = await signIn('hoa', password);
  const renewed = await people.renewPassword(person.id, admin);
  expect(await here(cookie)).toBeNull();
  expect(await signIn('hoa', password)).toBeNull();
  expect(await here(await signIn('hoa', renewed))).toMatchObject({ mustChangePassword: true });
  expect(JSON.stringify(audit)).not.toContain(renewed);
});

describe('nobody', () => {
  test('changes his own role, shuts himself out, or resets his own password; a new name is fine', async () => {
    await people.add({ ...second, role: 'administrator' }, admin);
    for (const act of [
      () => people.change(admin.id, { role: 'viewer' }, admin),
      () => people.change(admin.id, { disabled: true }, admin),
      () => people.renewPassword(admin.id, admin),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'own-account', status: 409 });
    }
    expect(await people.change(admin.id, { name: 'Cán bộ đài' }, admin)).toMatchObject({
      name: 'Cán bộ đài',
    });
  });

  test('takes the last administrator from the site, also where a second one is shut out', async () => {
    const { person } = await people.add({ ...second, role: 'administrator' }, admin);
    await people.change(person.id, { disabled: true }, admin);
    const other = { id: person.id, name: person.name };
    await expect(people.change(admin.id, { role: 'operator' }, other)).rejects.toMatchObject({
      ...{ code: 'last-administrator', status: 409 },
    });
    await people.change(person.id, { disabled: false }, admin);
    expect(await people.change(admin.id, { role: 'operator' }, other)).toMatchObject({ role: 'operator' });
  });

  test('but an administrator sees or changes accounts', () => {
    for (const operation of [
      'GET /people',
      'POST /people',
      'PATCH /people/{id}',
      'POST /people/{id}/password',
    ] as const) {
      expect(routes[operation].allow).toEqual(['administrator']);
    }
  });
});

test('a database of before there were people to shut out keeps its accounts', async () => {
  const { internalAdapter } = await authentication.$context;
  const [old] = await internalAdapter.listUsers(1);
  store.sqlite.exec('ALTER TABLE user DROP COLUMN disabled');
  await migrateAccounts(authentication);
  expect(await people.list()).toMatchObject([{ id: old?.id, disabled: false }]);
  expect(await signIn('admin', first.password)).not.toBeNull();
});
