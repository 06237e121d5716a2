import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GuardsPolicy } from '#controller/http/contract/policies';
import { Plan } from '#devices/plan';
import { sign, verify } from '#devices/signature';
import { EVERY_DEVICE } from '#devices/topics';
import {
  addArea,
  addDevice,
  addGroup,
  addProgramme,
  bodyOf,
  DAY,
  daily,
  HOUR,
  openSite,
  planOf,
  revisionOf,
  type Site,
  shaOf,
} from '../support/timetable-site.ts';

let site: Site;
beforeEach(async () => {
  site = await openSite();
  await site.planner.start();
});
afterEach(async () => {
  await site.planner.stop();
  await site.store.close();
});

describe('issuing plans', () => {
  test('a device gets a signed plan of what it is to play, in its own codec', async () => {
    addProgramme(site, 'p1', { notice: true });
    addDevice(site, 'new');
    addDevice(site, 'old', { codecs: ['mp3'] });
    addDevice(site, 'board', { kind: 'board' });
    site.schedules.create(bodyOf('p1'), false, 'me');
    const { changed, issued } = await site.planner.flush();
    expect([...changed].sort()).toEqual(['board', 'new', 'old']);
    expect(issued).toBe(3);

    const jws = site.store.sqlite
      .prepare<[string], string>('SELECT jws FROM plan WHERE sha256 = ?')
      .pluck()
      .get(planOf(site, 'new').sha256);
    expect(shaOf(jws ?? '')).toBe(planOf(site, 'new').sha256);
    const verified = await verify('plan', jws ?? '', site.publicKey, {
      audiences: new Set([EVERY_DEVICE]),
      now: site.clock.at,
    });
    expect(verified).toMatchObject({ ok: true });
    const plan = verified.ok ? Plan.parse(verified.body) : null;
    expect(plan?.occurrences).toHaveLength(30);
    expect(plan?.occurrences[0]?.startAt).toBe(site.clock.at + HOUR);
    expect(plan?.blobs.map(({ type, sha256 }) => [type, sha256])).toEqual([['audio/ogg', shaOf('opus p1')]]);
    expect(planOf(site, 'old').blobs.map(({ sha256 }) => sha256)).toEqual([shaOf('mp3 p1')]);
    expect(planOf(site, 'board').blobs.map(({ sha256 }) => sha256)).toEqual([shaOf('scene p1')]);
  });

  test('what is signed in bulk is what the contract signs, whatever is in a title', async () => {
    const title = 'Tin “khẩn”: 😀 \\ "x" \u2028 ệ';
    addProgramme(site, 'p1', { title });
    addDevice(site, 'a');
    site.schedules.create(bodyOf('p1', { title }), false, 'me');
    await site.planner.flush();
    const { sha256, ...plan } = planOf(site, 'a');
    expect(plan.occurrences[0]).toMatchObject({ title, parts: [{ title }] });
    const jws = site.store.sqlite
      .prepare<[string], string>('SELECT jws FROM plan WHERE sha256 = ?')
      .pluck()
      .get(sha256);
    const { privateKey } = (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, [
      'sign',
      'verify',
    ])) as CryptoKeyPair;
    const claims = { jti: 'x', aud: EVERY_DEVICE, issuedAt: 0, expiresAt: 0 };
    const byContract = await sign('plan', plan, claims, { kid: 'test', privateKey });
    expect(jws?.split('.')[0]).toBe(byContract.split('.')[0]);
  });

  test('devices of the same duties share one plan, and a newcomer joins in it', async () => {
    addArea(site, 'ward');
    addArea(site, 'tdp-1', 'ward');
    for (const id of ['a', 'b', 'c']) addDevice(site, id, { area: 'tdp-1' });
    addProgramme(site, 'p1');
    site.schedules.create(bodyOf('p1', { targets: [{ kind: 'area', id: 'ward' }] }), false, 'me');
    expect((await site.planner.flush()).issued).toBe(1);

    site.clock.at += HOUR / 2;
    addDevice(site, 'd', { area: 'tdp-1' });
    site.changes.announce('device', 'd');
    const { changed, issued } = await site.planner.flush();
    expect({ changed, issued }).toEqual({ changed: ['d'], issued: 0 });
    expect(planOf(site, 'd').sha256).toBe(planOf(site, 'a').sha256);
  });

  test('a device with nothing to play learns so', async () => {
    addDevice(site, 'idle');
    await site.planner.flush();
    expect(planOf(site, 'idle').occurrences).toEqual([]);
  });
});

describe('after a change', () => {
  beforeEach(async () => {
    addArea(site, 'ward');
    addArea(site, 'tdp-1', 'ward');
    addArea(site, 'tdp-2', 'ward');
    addDevice(site, 'a', { area: 'tdp-1' });
    addDevice(site, 'b', { area: 'tdp-2' });
    addDevice(site, 'c');
    addGroup(site, 'g', ['c']);
    addProgramme(site, 'p1');
    addProgramme(site, 'p2');
  });

  test('only devices whose duties changed hold another plan', async () => {
    const one = site.schedules.create(
      bodyOf('p1', { targets: [{ kind: 'area', id: 'tdp-1' }] }),
      false,
      'me',
    );
    site.schedules.create(
      bodyOf('p2', { targets: [{ kind: 'group', id: 'g' }], timetable: daily('09:00') }),
      false,
      'me',
    );
    await site.planner.flush();
    site.refreshed.length = 0;

    site.schedules.change(one.id, { timetable: daily('06:30') }, false);
    expect((await site.planner.flush()).changed).toEqual(['a']);
    expect(site.refreshed).toEqual([['a']]);
    expect([revisionOf(site, 'a'), revisionOf(site, 'b'), revisionOf(site, 'c')]).toEqual([2, 1, 1]);
  });

  test('a change that asks nothing else of anybody issues nothing', async () => {
    const one = site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    site.schedules.change(one.id, { title: one.title }, false);
    for (const id of ['a', 'b', 'c']) site.changes.announce('device', id);
    expect((await site.planner.flush()).changed).toEqual([]);
  });

  test('devices that are no longer meant lose what they were to play', async () => {
    const one = site.schedules.create(
      bodyOf('p1', { targets: [{ kind: 'area', id: 'tdp-1' }] }),
      false,
      'me',
    );
    await site.planner.flush();
    site.schedules.change(one.id, { targets: [{ kind: 'area', id: 'tdp-2' }] }, false);
    expect([...(await site.planner.flush()).changed].sort()).toEqual(['a', 'b']);
    expect(planOf(site, 'a').occurrences).toEqual([]);
    expect(planOf(site, 'b').occurrences).toHaveLength(30);

    site.schedules.remove(one.id);
    expect((await site.planner.flush()).changed).toEqual(['b']);
    site.schedules.restore(one.id);
    expect((await site.planner.flush()).changed).toEqual(['b']);
    expect(planOf(site, 'b').occurrences).toHaveLength(30);
  });

  test('a member that leaves its group, and a device that moves, follow other schedules', async () => {
    site.schedules.create(bodyOf('p1', { targets: [{ kind: 'group', id: 'g' }] }), false, 'me');
    site.schedules.create(
      bodyOf('p2', { targets: [{ kind: 'area', id: 'tdp-1' }], timetable: daily('09:00') }),
      false,
      'me',
    );
    await site.planner.flush();
    site.store.sqlite.exec(
      "DELETE FROM device_group_member WHERE device_id = 'c'; UPDATE device SET area_id = 'tdp-2' WHERE id = 'a'",
    );
    site.changes.announce('group', 'g');
    site.changes.announce('device', 'a');
    expect([...(await site.planner.flush()).changed].sort()).toEqual(['a', 'c']);
    expect(planOf(site, 'a').occurrences).toEqual([]);
    expect(planOf(site, 'c').occurrences).toEqual([]);
  });

  test('sound that becomes ready is planned when it is', async () => {
    addProgramme(site, 'late', { ready: false });
    const waiting = site.schedules.create(bodyOf('late'), false, 'me');
    expect(waiting.durationMs).toBeNull();
    await site.planner.flush();
    expect(planOf(site, 'a').occurrences).toEqual([]);
    site.store.sqlite.exec("UPDATE asset SET state = 'ready', duration_ms = 61234.6 WHERE id = 'asset-late'");
    site.changes.announce('asset', 'asset-late');
    expect((await site.planner.flush()).changed).toHaveLength(3);
    const [first] = planOf(site, 'a').occurrences;
    expect((first?.endAt ?? 0) - (first?.startAt ?? 0)).toBe(61_235);
  });

  test('changes made while the program was down are planned at its next start', async () => {
    const one = site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    await site.planner.stop();
    site.schedules.change(one.id, { timetable: daily('07:00') }, false);
    const again = site.restartPlanner();
    await again.start();
    expect((await again.flush()).changed).toHaveLength(3);
    await again.stop();
  });

  test('a retired device is planned for no more, and counts its revisions on when it is back', async () => {
    site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    site.store.sqlite.exec("UPDATE device SET removed_at = 1 WHERE id = 'a'");
    site.changes.announce('device', 'a');
    await site.planner.flush();
    expect(site.shelf.current(['a'])).toEqual([]);
    site.store.sqlite.exec("UPDATE device SET removed_at = NULL WHERE id = 'a'");
    site.changes.announce('device', 'a');
    await site.planner.flush();
    expect(revisionOf(site, 'a')).toBe(2);
    expect(planOf(site, 'a').occurrences).toHaveLength(30);
  });
});

test('plans are topped up when a day of them is used up, and not before', async () => {
  addDevice(site, 'a');
  addProgramme(site, 'p1');
  site.schedules.create(bodyOf('p1'), false, 'me');
  await site.planner.flush();
  const { validUntil } = planOf(site, 'a');
  site.clock.at += DAY - HOUR;
  expect((await site.planner.topUp()).changed).toEqual([]);
  site.clock.at += 2 * HOUR;
  expect((await site.planner.topUp()).changed).toEqual(['a']);
  expect(planOf(site, 'a').validUntil).toBe(validUntil + DAY + HOUR);
});

test('a weekly programme keeps its hour on the wall over the change to summer time', async () => {
  const berlin = await openSite({ zone: 'Europe/Berlin', at: Date.UTC(2027, 2, 26, 12), days: 5 });
  addDevice(berlin, 'a');
  addProgramme(berlin, 'p1');
  berlin.schedules.create(bodyOf('p1', { timetable: daily('06:00', '02:30') }), false, 'me');
  await berlin.planner.start();
  await berlin.planner.flush();
  expect(
    planOf(berlin, 'a').occurrences.map(({ startAt }) => new Date(startAt).toISOString().slice(5, 16)),
  ).toEqual([
    '03-27T01:30',
    '03-27T05:00',
    // The night of the change: 02:30 does not exist and is played at 03:30; 06:00 is two hours from UTC from now on.
    '03-28T01:30',
    '03-28T04:00',
    '03-29T00:30',
    '03-29T04:00',
    '03-30T00:30',
    '03-30T04:00',
    '03-31T00:30',
    '03-31T04:00',
  ]);
  await berlin.planner.stop();
  await berlin.store.close();
});

describe('boards', () => {
  test('make no noise: what the night forbids to loudspeakers stands on them, with its pictures', async () => {
    await site.planner.stop();
    await site.store.close();
    site = await openSite({ guards: GuardsPolicy.parse({}) });
    await site.planner.start();
    addProgramme(site, 'p1', { notice: true });
    addDevice(site, 'horn');
    addDevice(site, 'board', { kind: 'board' });
    const picture = shaOf('picture');
    site.store.sqlite
      .prepare("INSERT INTO blob (sha256, bytes, type, created_at) VALUES (?, 77, 'image/png', 0)")
      .run(picture);
    const panels = [{ width: 192, height: 96 }];
    site.store.sqlite
      .prepare('INSERT INTO scene_file (scene_sha256, file_sha256, panels) VALUES (?, ?, ?)')
      .run(shaOf('scene p1'), picture, JSON.stringify(panels));
    // Sound at two at night is refused as such; a notice alone is nobody's sleep.
    expect(() => site.schedules.create(bodyOf('p1', { timetable: daily('02:00') }), false, 'me')).toThrow(
      /quiet hours/,
    );
    site.store.sqlite.prepare('UPDATE programme SET asset_id = NULL WHERE id = ?').run('p1');
    site.schedules.create(bodyOf('p1', { timetable: daily('02:00'), boardMinutes: 600 }), false, 'me');
    await site.planner.flush();
    const { occurrences, blobs } = planOf(site, 'board');
    expect(occurrences.length).toBeGreaterThan(28);
    expect(occurrences[1]).toMatchObject({ endAt: (occurrences[1]?.startAt ?? 0) + 10 * HOUR });
    // The one of this night stands already, and is in the plan.
    expect(occurrences[0]?.startAt).toBe(site.clock.at - 3 * HOUR);
    expect(blobs).toContainEqual({ sha256: picture, bytes: 77, type: 'image/png', panels });
    expect(planOf(site, 'horn').occurrences).toEqual([]);
  });
});
