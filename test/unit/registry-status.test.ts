import { expect, test } from 'vitest';
import type { DeviceStatus } from '#controller/http/contract/devices';
import { GONE_AFTER_MS, type Signs, statusOf } from '#controller/registry/status';

const INTERVAL = 30_000;
const NOW = 1_000_000_000;
/** A device that is well: connected long ago, heard just now. */
const well: Signs = {
  heard: true,
  connected: true,
  linkSince: NOW - 600_000,
  lastHeardAt: NOW,
  lastBeatAt: NOW,
  faultyBeats: 0,
  cleanBeats: 9,
  fault: null,
};
const faulty = (faultyBeats: number): Partial<Signs> => ({
  faultyBeats,
  cleanBeats: 0,
  fault: 'no-amplifier',
});
const gone = (ms: number): Partial<Signs> => ({ connected: false, linkSince: NOW - ms });
const quiet = (ms: number): Partial<Signs> => ({ lastBeatAt: NOW - ms, lastHeardAt: NOW - ms });

test.each<[string, DeviceStatus, Partial<Signs>, DeviceStatus, string | null]>([
  ['never heard', 'unseen', { heard: false, connected: false }, 'unseen', null],
  ['heard for the first time', 'unseen', {}, 'online', null],
  ['well', 'online', {}, 'online', null],
  ['a connection lost a moment ago is not gone yet', 'online', gone(GONE_AFTER_MS - 1), 'online', null],
  ['a connection lost for five seconds is', 'online', gone(GONE_AFTER_MS), 'offline', 'disconnected'],
  ['a stale one that loses its connection stays stale till then', 'stale', gone(1_000), 'stale', null],
  ['back after a while', 'offline', {}, 'online', null],
  ['a beat that is overdue may still come, or its answer', 'online', quiet(52_499), 'online', null],
  ['no answer in half an interval', 'online', quiet(52_500), 'stale', 'no-heartbeat'],
  ['connected and heard, but no beats', 'online', { lastBeatAt: NOW - 52_500 }, 'stale', 'no-heartbeat'],
  [
    'a new connection may take its time to the first beat',
    'online',
    { lastBeatAt: 0, linkSince: NOW - 10_000 },
    'online',
    null,
  ],
  ['silent for so long that the connection must be dead', 'stale', quiet(90_000), 'offline', 'silent'],
  ['one faulty beat is no fault', 'online', faulty(1), 'online', null],
  ['two are', 'online', faulty(2), 'fault', 'no-amplifier'],
  [
    'one clean beat does not end it',
    'fault',
    { cleanBeats: 1, fault: 'no-amplifier' },
    'fault',
    'no-amplifier',
  ],
  ['two do', 'fault', { cleanBeats: 2, fault: 'no-amplifier' }, 'online', null],
  [
    'a fault of a device that is gone is no news',
    'fault',
    { ...faulty(5), ...gone(60_000) },
    'offline',
    'disconnected',
  ],
  [
    'a fault of a silent device is old news',
    'fault',
    { ...faulty(5), ...quiet(80_000) },
    'stale',
    'no-heartbeat',
  ],
])('%s', (_what, before, signs, status, reason) => {
  expect(statusOf(before, { ...well, ...signs }, NOW, INTERVAL)).toMatchObject({ status, reason });
});

test('the time to look again is exactly when the answer changes', () => {
  for (const signs of [
    { ...well, ...quiet(40_000) },
    { ...well, ...gone(1_000) },
  ]) {
    const { status, checkAt } = statusOf('online', signs, NOW, INTERVAL);
    expect(status).toBe('online');
    if (checkAt === null) throw new Error('nothing would ever notice that the device is gone');
    expect(statusOf('online', signs, checkAt - 1, INTERVAL).status).toBe('online');
    expect(statusOf('online', signs, checkAt, INTERVAL).status).not.toBe('online');
  }
});

test('a device that is offline or was never heard is not looked at in vain', () => {
  expect(statusOf('offline', { ...well, ...gone(60_000) }, NOW, INTERVAL).checkAt).toBeNull();
  expect(statusOf('unseen', { ...well, heard: false }, NOW, INTERVAL).checkAt).toBeNull();
});

test('with a short interval a silent device is offline after a minute, not sooner', () => {
  const at = (ms: number) => statusOf('stale', { ...well, ...quiet(ms) }, NOW, 1_000).status;
  expect([at(6_000), at(59_999), at(60_000)]).toEqual(['online', 'stale', 'offline']);
});

test('jitter is not taken for silence; a beat that is missing is noticed and can be asked for', () => {
  const at = (ms: number) => statusOf('online', { ...well, ...quiet(ms) }, NOW, INTERVAL);
  expect(at(INTERVAL * 1.1 + 3_000)).toMatchObject({ status: 'online', overdue: false });
  expect(at(0).checkAt).toBe(NOW + 37_500);
  expect(at(37_500)).toMatchObject({ status: 'online', overdue: true, checkAt: NOW - 37_500 + 52_500 });
});

test('a device that dies right after its last word is shown within a minute', () => {
  // A second is what the sweep, and another what the writing may take.
  expect(statusOf('online', { ...well, ...quiet(58_000) }, NOW, INTERVAL).status).toBe('stale');
});
