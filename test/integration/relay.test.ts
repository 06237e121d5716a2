import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RelayRun } from '#controller/http/contract/relays';
import { Radio } from '../support/radio.ts';
import { Ear, openRelaySite, type RelaySite } from '../support/relay-site.ts';
import { levelOf, rmsDbfs } from '../support/sound.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const STREAM_HZ = 440;
const FALLBACK_HZ = 1_500;

let radio: Radio;
let site: RelaySite;
beforeAll(async () => {
  radio = await Radio.open();
  site = await openRelaySite({ privateHosts: [radio.host] });
});
afterAll(async () => {
  await site.stop();
  await site.discard();
  await radio.close();
});

/** What is heard in half a second from then on: the louder of the two, or nothing. */
async function heardAt(ear: Ear, from: number): Promise<'stream' | 'fallback' | 'silence'> {
  await until('the sound to come', async () => (await ear.until()) >= from + 500);
  const samples = await ear.samples(from, from + 500);
  const [stream, fallback] = [levelOf(samples, STREAM_HZ), levelOf(samples, FALLBACK_HZ)];
  if (Math.max(stream, fallback) < -45) return 'silence';
  return stream > fallback ? 'stream' : 'fallback';
}
/** A machine that is busy may be late with it; that it is heard is what counts. */
async function hears(ear: Ear, what: 'stream' | 'fallback' | 'silence', from: number): Promise<void> {
  let at = from;
  await until(
    `${what} to be heard`,
    async () => {
      const heard = await heardAt(ear, at);
      at += 250;
      return heard === what;
    },
    40_000,
  );
}
const switchesOf = (id: string): RelayRun['switches'] => site.relays.get(id).switches;
/** The first switch for that reason after a moment. */
const because = (id: string, reason: string, after = 0) =>
  until(`a switch because of ${reason}`, () =>
    switchesOf(id).find((each) => each.reason === reason && each.at > after),
  );
const switched = (id: string, to: string, times = 1) =>
  until(`a switch to ${to}`, () => switchesOf(id).filter((each) => each.to === to)[times - 1]);

test.concurrent('a stream is heard on every device, in step, as loud as everything else; and stops when a person stops it', async () => {
  await radio.station('/a', STREAM_HZ, 'mp3', -32);
  const source = site.source(radio.url('/a'));
  const relay = await site.relays.begin(site.order(source.id), 0);
  expect(relay).toMatchObject({ state: 'starting', title: 'Tiếp âm', asked: 2 });
  const [one, two] = [await site.listen(relay.id, 0), await site.listen(relay.id, 1)];
  const ear = new Ear(one);
  const t0 = relay.startedAt ?? 0;
  expect(await heardAt(ear, t0 + 9_000)).toBe('stream');
  const samples = await ear.samples(t0 + 9_000, t0 + 9_500);
  // A sine at −16 LUFS has about as much power: −16 dBFS.
  expect(rmsDbfs(samples)).toBeGreaterThan(-19);
  expect(rmsDbfs(samples)).toBeLessThan(-13);
  // Sent in time to be heard on a slow link, and the same bytes at the same moments to everybody.
  const ahead = one.frames.map(({ aheadMs }) => aheadMs).sort((a, b) => a - b);
  expect(ahead[Math.floor(ahead.length / 2)]).toBeGreaterThan(500);
  const both = Math.min(one.frames.length, two.frames.length) - 1;
  const same = one.frames.filter(({ seq, heardAt: at }) =>
    two.frames.some((frame) => frame.seq === seq && frame.heardAt === at),
  );
  expect(same.length).toBeGreaterThan(50);
  const times = new Map(one.frames.map(({ seq, heardAt: at }) => [seq, at]));
  expect(two.frames.filter(({ seq, heardAt: at }) => (times.get(seq) ?? at) !== at)).toEqual([]);
  expect(one.forged + two.forged).toBe(0);
  // One sound: each frame begins where the one before it ends.
  const unbroken = one.frames.slice(1, both).filter(({ heardAt: at }, index) => {
    const before = one.frames[index];
    return before !== undefined && Math.abs(at - before.heardAt - before.packets.length * 20) < 1;
  });
  expect(unbroken.length).toBeGreaterThan(0.95 * (both - 1));
  expect(site.relays.get(relay.id)).toMatchObject({ state: 'on-air', hears: 'stream', listening: 2 });
  const over = await site.relays.halt(relay.id, 'Cán bộ đài');
  expect(over).toMatchObject({ state: 'ended', end: 'by-operator' });
  await until('the devices to be let go', () => one.closed !== null);
  expect(over.switches.map(({ to, reason }) => [to, reason])).toEqual([['stream', 'started']]);
});

test.concurrent('a stream that falls silent is stood in for by the playlist, and gone back to when it speaks again', async () => {
  const station = await radio.station('/b', STREAM_HZ);
  const playlist = await site.playlist('standin', FALLBACK_HZ);
  const source = site.source(radio.url('/b'), { fallbackPlaylistId: playlist, silenceMs: 3_000 });
  const { id } = await site.relays.begin(site.order(source.id), 0);
  const ear = new Ear(await site.listen(id));
  await switched(id, 'stream');
  station.silent = true;
  const away = await because(id, 'silent');
  expect(away.to).toBe('fallback');
  // The list is four seconds long: it goes round.
  await hears(ear, 'fallback', away.at + 700);
  await hears(ear, 'fallback', away.at + 5_000);
  station.silent = false;
  const back = await because(id, 'back', away.at);
  expect(back.to).toBe('stream');
  await hears(ear, 'stream', back.at + 500);
  // From one to the other without a hole: no tenth of a second in between is silent.
  for (let at = back.at - 500; at < back.at + 700; at += 100) {
    expect(rmsDbfs(await ear.samples(at, at + 100))).toBeGreaterThan(-35);
  }
  await site.relays.halt(id, null);
});

test.concurrent('a stream that is lost is connected again, with the playlist meanwhile; without one there is silence, and the sound’s lease goes on', async () => {
  const station = await radio.station('/c', STREAM_HZ);
  const withStand = site.source(radio.url('/c'), {
    fallbackPlaylistId: await site.playlist('standin-2', FALLBACK_HZ),
  });
  const without = site.source(radio.url('/c'));
  const [one, other] = [
    await site.relays.begin(site.order(withStand.id), 0),
    await site.relays.begin(site.order(without.id), 0),
  ];
  const [ear, otherListener] = [new Ear(await site.listen(one.id)), await site.listen(other.id)];
  const otherEar = new Ear(otherListener);
  await Promise.all([switched(one.id, 'stream'), switched(other.id, 'stream')]);
  station.cut();
  const [away, silent] = await Promise.all([switched(one.id, 'fallback'), switched(other.id, 'silence')]);
  expect([away.reason, silent.reason]).toEqual(['lost', 'lost']);
  await hears(ear, 'fallback', away.at + 700);
  await hears(otherEar, 'silence', silent.at + 700);
  station.open = true;
  const [back, otherBack] = await Promise.all([
    switched(one.id, 'stream', 2),
    switched(other.id, 'stream', 2),
  ]);
  await hears(ear, 'stream', back.at + 500);
  await hears(otherEar, 'stream', otherBack.at + 500);
  const gaps = otherListener.frames
    .slice(1)
    .map(({ arrivedAt }, index) => arrivedAt - (otherListener.frames[index]?.arrivedAt ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(4_000);
  await site.relays.halt(one.id, null);
  await site.relays.halt(other.id, null);
});

test.concurrent('an encoder or decoder that is killed is not the end of a relay', async () => {
  await radio.station('/d', STREAM_HZ, 'aac');
  const { id } = await site.relays.begin(site.order(site.source(radio.url('/d')).id), 0);
  const ear = new Ear(await site.listen(id));
  const { at } = await switched(id, 'stream');
  await until('some sound', async () => (await ear.until()) > at + 1_000);
  const encoder = site.relays.running.get(id)?.carrier.encoderPid ?? 0;
  process.kill(encoder, 'SIGKILL');
  await until('another encoder', () => {
    const pid = site.relays.running.get(id)?.carrier.encoderPid;
    return pid !== null && pid !== encoder;
  });
  const reached = await ear.until();
  await hears(ear, 'stream', reached + 1_500);
  const { stdout } = await run('pgrep', ['-P', String(process.pid), '-f', 'format_whitelist aac']);
  process.kill(Number(stdout.trim().split('\n')[0]), 'SIGKILL');
  const killedAt = Date.now();
  await until('sound after the decoder was killed', async () => (await ear.until()) > killedAt + 9_000);
  await hears(ear, 'stream', killedAt + 8_000);
  await site.relays.halt(id, null);
});

test.concurrent('a relay ends by its time, and its devices hear of it', async () => {
  await radio.station('/g', STREAM_HZ);
  const endAt = Date.now() + 6_000;
  const { id } = await site.relays.begin(site.order(site.source(radio.url('/g')).id, { endAt }), 0);
  const listener = await site.listen(id);
  await until('the last frame', () => listener.frames.at(-1)?.last);
  const last = listener.frames.at(-1);
  expect(Math.abs((last?.heardAt ?? 0) - endAt)).toBeLessThan(100);
  expect(site.relays.get(id)).toMatchObject({ state: 'ended', end: 'window-over', endedAt: endAt });
  await until('the devices to be let go', () => listener.closed !== null);
});

test('what is stopped for everybody is over for the relay too, and its connection is let go', async () => {
  const station = await radio.station('/e', STREAM_HZ);
  const { id } = await site.relays.begin(site.order(site.source(radio.url('/e')).id), 0);
  await switched(id, 'stream');
  expect(station.listeners).toBe(1);
  await site.broadcasts.stopAll([{ kind: 'all', id: '' }], 'Cán bộ đài');
  await until('the relay to be over', () => site.relays.get(id).end === 'stopped');
  await until('the station to be let go', () => station.listeners === 0);
});

test('an address that an administrator takes off the list is let go of in the middle', async () => {
  const station = await radio.station('/f', STREAM_HZ);
  const { id } = await site.relays.begin(site.order(site.source(radio.url('/f')).id), 0);
  await switched(id, 'stream');
  site.policies.change('relay', { hosts: [], privateHosts: [] }, 'Quản trị');
  await until('the station to be let go', () => station.listeners === 0);
  const away = await switched(id, 'silence');
  expect(away.reason).toBe('refused');
  site.policies.change('relay', { hosts: [], privateHosts: [radio.host] }, 'Quản trị');
  await switched(id, 'stream', 2);
  await site.relays.halt(id, null);
});
