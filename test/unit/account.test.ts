import { expect, test } from 'vitest';
import { Account } from '#devices/account';
import { Heartbeat, WHOLE_EVERY_MS } from '#devices/messages/heartbeat';
import { surroundingsOf } from '#firmware-sim/surroundings';

const HALF_MINUTE = 30_000;
const idle = (changes: Partial<Heartbeat> = {}): Heartbeat =>
  Heartbeat.parse({
    ...{ v: 1, session: '01ARZ3NDEKTSV4RRFFQ69G5FAV', at: 0, uptimeS: 1, desiredRevision: 3, plan: null },
    ...{ clock: { synced: true, offsetMs: 0.2, errorMs: 2 }, playing: null, outbox: 0, faults: [] },
    ...{ volume: 80, muted: false, temperatureC: 40, storage: { totalBytes: 1_000, freeBytes: 500 } },
    ...changes,
  });

test('an idle device tells all of itself every quarter of an hour, and in between that nothing changed', () => {
  const account = new Account();
  const kinds: string[] = [];
  for (let now = 0; now <= WHOLE_EVERY_MS; now += HALF_MINUTE) {
    // What moves a little all the time is not worth telling.
    const at = now * 1_000;
    const clock = { synced: true, offsetMs: now / 1e6, errorMs: 2 + now / 1e6 };
    const changes = { at, uptimeS: now / 1_000, clock, temperatureC: 40 + (now % 90_000) / 60_000 };
    kinds.push(account.next(idle(changes), now).kind);
  }
  expect(kinds).toEqual(['heartbeat', ...Array.from({ length: 29 }, () => 'beat'), 'heartbeat']);
});

test('a short one names the whole one that it repeats', () => {
  const account = new Account();
  expect(account.next(idle(), 0)).toMatchObject({ kind: 'heartbeat', message: { n: 0 } });
  expect(account.next(idle(), 1)).toEqual({ kind: 'beat', message: { v: 1, same: 0 } });
  expect(account.next(idle({ volume: 60 }), 2)).toMatchObject({
    kind: 'heartbeat',
    message: { n: 1, volume: 60 },
  });
  expect(account.next(idle({ volume: 60 }), 3)).toEqual({ kind: 'beat', message: { v: 1, same: 1 } });
});

test.each<[string, Partial<Heartbeat>]>([
  ['a fault', { faults: ['no-amplifier'] }],
  ['another plan', { plan: { revision: 2, sha256: 'a'.repeat(64) } }],
  ['another volume', { volume: 30 }],
  ['another delay', { outputDelayMs: 12 }],
  ['what plays, with its level', { playing: { occurrence: 'a@1', title: 'Tin', levelDbfs: -20 } }],
  ['a record that waits', { outbox: 1 }],
  ['files that are fetched', { fetching: { blobs: 3, bytes: 9 } }],
  ['a clock that is lost', { clock: { synced: false, offsetMs: 0, errorMs: 2 } }],
  ['a clock that is no longer sure', { clock: { synced: true, offsetMs: 0, errorMs: 21 } }],
  ['heat', { temperatureC: 44 }],
  ['a disk that fills', { storage: { totalBytes: 1_000, freeBytes: 480 } }],
  ['a sensor that fails', { temperatureC: undefined }],
])('%s is told at once', (_what, changes) => {
  const account = new Account();
  account.next(idle(), 0);
  expect(account.next(idle(changes), HALF_MINUTE).kind).toBe('heartbeat');
});

test('who asks is told all, also when nothing changed', () => {
  const account = new Account();
  account.next(idle(), 0);
  account.begin();
  expect(account.next(idle(), 1).kind).toBe('heartbeat');
});

const board = {
  ...{ mode: 'playing' as const, drawnAgoMs: 40, powered: true },
  scene: { sha256: 'b'.repeat(64), page: 0, of: 3 },
};

test('a board that shows the same for hours costs few bytes, and still says when it drew last', () => {
  const account = new Account();
  const playing = { occurrence: 'a@1', title: 'Tin' };
  account.next(idle({ board, playing }), 0);
  const turned = { ...board, drawnAgoMs: 900, scene: { ...board.scene, page: 1 } };
  expect(account.next(idle({ board: turned, playing }), HALF_MINUTE)).toEqual({
    kind: 'beat',
    message: { v: 1, same: 0, drawnAgoMs: 900 },
  });
  const dark = { ...board, mode: 'link-lost' as const, scene: null };
  expect(account.next(idle({ board: dark, playing }), 2 * HALF_MINUTE).kind).toBe('heartbeat');
});

test('sensors of a simulated device are plausible the whole year, steady, and its own', () => {
  const day = 86_400_000;
  for (let at = 0; at < 365 * day; at += 0.37 * day) {
    const { temperatureC, mainsV } = surroundingsOf('loa-7k3m9q2x', at);
    expect(temperatureC).toBeGreaterThan(20);
    expect(temperatureC).toBeLessThan(60);
    expect(mainsV).toBeGreaterThan(207);
    expect(mainsV).toBeLessThan(240);
  }
  expect(surroundingsOf('loa-7k3m9q2x', day)).toEqual(surroundingsOf('loa-7k3m9q2x', day));
  const all = Array.from({ length: 50 }, (_, index) => surroundingsOf(`loa-${index}`, day));
  expect(new Set(all.map(({ temperatureC }) => temperatureC)).size).toBeGreaterThan(3);
  const mobile = all.filter(({ signalDbm }) => signalDbm !== undefined).length;
  expect(mobile).toBeGreaterThan(10);
  expect(mobile).toBeLessThan(40);
});
