import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Asset } from '#controller/http/contract/library';
import { assetView } from '#controller/library/asset-view';
import { opusDurationMs, SILENCE } from '#controller/live-audio/opus-packet';
import type { AsRunRecord } from '#devices/as-run';
import { idOf } from '../support/broadcast-site.ts';
import { LiveListener } from '../support/live-listener.ts';
import { HELLO, LiveMicrophone, spokenPackets, spokenSamples } from '../support/live-microphone.ts';
import { type LiveSite, openLiveSite } from '../support/live-site.ts';
import { seededCredential } from '../support/seed.ts';
import { until } from '../support/until.ts';

let site: LiveSite | undefined;
const speech = await spokenPackets(12);

afterEach(async () => {
  await site?.stop();
  await site?.discard();
  site = undefined;
});

async function ward(devices: number) {
  const opened = await openLiveSite({ devices });
  site = opened;
  const speakers = await Promise.all(
    Array.from({ length: devices }, (_, index) =>
      opened.speaker(index, { live: true }).connect(opened.broker.port),
    ),
  );
  await until('every device to be known', () => opened.births() === devices);
  return { site: opened, speakers };
}

const ear = (at: LiveSite, broadcast: string, device: string, credential = seededCredential(device)) =>
  LiveListener.join(at.url, broadcast, { bearer: `${device}.${credential}`, publicKey: at.key.publicKey });

async function listening(at: LiveSite, broadcast: string, index: number): Promise<LiveListener> {
  const joined = await ear(at, broadcast, idOf(index));
  if (typeof joined === 'number') throw new Error(`the device was turned away with ${joined}`);
  return joined;
}

async function microphone(at: LiveSite, session: string, cookie = 'operator'): Promise<LiveMicrophone> {
  const joined = await LiveMicrophone.join(at.url, session, { cookie, origin: at.url.replace('ws', 'http') });
  if (typeof joined === 'number') throw new Error(`the microphone was turned away with ${joined}`);
  return joined;
}

const isSilence = (packet: Uint8Array): boolean => Buffer.from(packet).equals(Buffer.from(SILENCE));
const soundMs = ({ packets }: { packets: readonly Uint8Array[] }): number =>
  packets.reduce((sum, packet) => sum + (opusDurationMs(packet) ?? 0), 0);

function recordingOf(at: LiveSite, session: string): Promise<Asset> {
  return until('the recording to be in the library', () => {
    const { recordingAssetId: id } = at.sessions.view(session);
    if (id === null) return null;
    const asset = assetView(at.library.asset(id), at.library.progress.of(id));
    return asset.state === 'ready' || asset.state === 'refused' ? asset : null;
  });
}

describe('what is said', () => {
  test('is heard by every device as one unbroken sound, signed, in time, and ends with a last frame', async () => {
    const { site: at, speakers } = await ward(3);
    const session = await at.open();
    const ears = await Promise.all([0, 1, 2].map((index) => listening(at, session.id, index)));
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    await sleep(3_000);
    const { leadMs, listening: heard } = at.sessions.view(session.id);
    at.sessions.end(session.id);
    await until('the last frame', () => ears.every(({ frames }) => frames.at(-1)?.last === true));

    expect(heard).toBe(3);
    for (const { frames, forged, extensions } of ears) {
      expect(forged).toBe(0);
      expect(extensions).toBe('');
      expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, index) => (frames[0]?.seq ?? 0) + index));
      // Not one moment of it is left out or heard twice; a pause may be closed by less than a packet.
      const breaks = frames.slice(1).map((frame, index) => {
        const before = frames[index];
        return before === undefined ? 0 : frame.heardAt - before.heardAt - soundMs(before);
      });
      expect(Math.min(...breaks)).toBeGreaterThan(-1);
      expect(Math.max(...breaks)).toBeLessThan(20);
      const spoken = frames.flatMap(({ packets }) => packets.filter((packet) => !isSilence(packet)));
      expect(spoken.length).toBeGreaterThan(120);
      // Word for word, in the order in which it was said; only of pauses something may be left out.
      const left = leftOut(speech, spoken);
      expect(left).not.toBeNull();
      expect((left ?? []).every(({ length }) => length < 60)).toBe(true);
    }
    expect(ears[0]?.frames.map(({ seq }) => seq).at(-1)).toBe(ears[1]?.frames.map(({ seq }) => seq).at(-1));
    expect(leadMs).toBeGreaterThan(50);
    expect(leadMs).toBeLessThanOrEqual(1_500);
    for (const speaker of speakers) speaker.finish();
    await until('the broadcast to have ended by itself', () => stateOf(at, session.id) === 'ended');
    for (const speaker of speakers) speaker.disconnect();
  });

  test('before the chime is over is not heard, and the person sees when it will be', async () => {
    const { site: at } = await ward(1);
    await until('the chime', () => assetState(at, 'chime-default') === 'ready');
    const session = await at.open({ startChime: true, endChime: true });
    const device = await listening(at, session.id, 0);
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    const { onAirAt } = at.sessions.view(session.id);
    const { t0, body } = broadcastOf(at, session.id);
    const chimeMs = body.parts[0]?.durationMs ?? 0;
    expect(body.parts.map(({ role }) => role)).toEqual(['chime', 'programme']);
    const begins = (t0 ?? 0) + chimeMs;
    expect((onAirAt ?? 0) - begins).toBeGreaterThanOrEqual(-1);
    expect((onAirAt ?? 0) - begins).toBeLessThan(2_000);
    expect(Math.min(...device.frames.map(({ heardAt }) => heardAt)) - begins).toBeGreaterThanOrEqual(-1);
    const countdown = voice.states.map(({ onAirInMs }) => onAirInMs);
    expect(countdown[0]).toBeGreaterThan(chimeMs / 2);
    await until('the countdown to be over', () => voice.states.at(-1)?.onAirInMs === 0);

    voice.say({ type: 'end' });
    const lastWord = device.frames.length;
    await until('the last frame', () => device.frames.at(-1)?.last === true);
    const after = device.frames.slice(lastWord);
    // The chime in its own time: as many milliseconds of it as it has, and not all at once.
    expect(after.reduce((sum, frame) => sum + soundMs(frame), 0)).toBeGreaterThan(chimeMs * 0.9);
    expect((after.at(-1)?.arrivedAt ?? 0) - (after[0]?.arrivedAt ?? 0)).toBeGreaterThan(chimeMs * 0.7);
  });

  test('is in the library afterwards, as loud as everything else there, with its title', async () => {
    const { site: at } = await ward(1);
    const session = await at.open({ title: 'Thông báo cúp nước' });
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    await sleep(6_000);
    voice.say({ type: 'end' });
    const asset = await recordingOf(at, session.id);
    expect(asset.state).toBe('ready');
    expect(asset.source).toBe('recording');
    expect(asset.title).toMatch(/^Thông báo cúp nước \(\d\d\/\d\d\/\d{4} \d\d:\d\d\)$/);
    expect(Math.abs((asset.loudnessLufs ?? 0) + 16)).toBeLessThanOrEqual(1);
    expect(asset.durationMs).toBeGreaterThan(5_500);
  });

  test('as samples, by a browser without an encoder, is encoded here', async () => {
    const { site: at } = await ward(1);
    const session = await at.open();
    const device = await listening(at, session.id, 0);
    const samples = await spokenSamples(4, 44_100);
    const pieces = Array.from({ length: Math.floor(samples.length / 1_764) }, (_, index) =>
      samples.subarray(index * 1_764, (index + 1) * 1_764),
    );
    const voice = await microphone(at, session.id);
    voice.say({ ...HELLO, codec: 'pcm', sampleRate: 44_100 });
    voice.speak(pieces);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    await sleep(2_000);
    at.sessions.end(session.id);
    const spoken = device.frames.flatMap(({ packets }) => packets.filter((packet) => !isSilence(packet)));
    expect(spoken.length).toBeGreaterThan(80);
    expect(spoken.every((packet) => opusDurationMs(packet) === 20)).toBe(true);
  });
});

describe('who may', () => {
  test('listen: the devices that were asked, with their own credential, and nobody else', async () => {
    const { site: at } = await ward(2);
    const session = await at.open({ targets: [{ kind: 'area', id: 'tdp-0' }] });
    expect(await ear(at, session.id, idOf(0), 'y'.repeat(40))).toBe(401);
    expect(await ear(at, session.id, 'loa-99999')).toBe(401);
    expect(await ear(at, session.id, idOf(1))).toBe(403);
    expect(await ear(at, '01JZZZZZZZZZZZZZZZZZZZZZZZ', idOf(0))).toBe(403);
    expect(await ear(at, 'x'.repeat(20), idOf(0))).toBe(403);
    expect(await ear(at, session.id, idOf(0))).toBeInstanceOf(LiveListener);
  });

  test('try: not for ever, from one address', async () => {
    const { site: at } = await ward(1);
    const session = await at.open();
    const answers = new Set<unknown>();
    for (let attempt = 0; attempt < 130; attempt += 1) {
      answers.add(await ear(at, session.id, idOf(0), 'y'.repeat(40)));
    }
    expect([...answers]).toEqual([401, 429]);
  });

  test('speak: operators and administrators from our own page, who have a password of their own', async () => {
    const { site: at } = await ward(1);
    const { id } = await at.open();
    const origin = at.url.replace('ws', 'http');
    const status = (headers: Record<string, string>) => LiveMicrophone.join(at.url, id, headers);
    expect(await status({ origin })).toBe(401);
    expect(await status({ origin, cookie: 'viewer' })).toBe(403);
    expect(await status({ origin, cookie: 'technician' })).toBe(403);
    expect(await status({ origin, cookie: 'operator-new' })).toBe(403);
    expect(await status({ origin: 'https://evil.example', cookie: 'operator' })).toBe(403);
    expect(await LiveMicrophone.join(at.url, '01JZZZZZZZZZZZZZZZZZZZZZZZ', { cookie: 'operator' })).toBe(404);
    expect(await status({ origin, cookie: 'administrator' })).toBeInstanceOf(LiveMicrophone);
  });

  test('speak: what is no speech is not passed on', async () => {
    const { site: at } = await ward(1);
    const { id } = await at.open();
    const device = await listening(at, id, 0);
    const rude = await microphone(at, id);
    rude.sound(Uint8Array.of(1, 2, 3));
    await until('it to be sent away', () => rude.closed === 1008);
    const hasty = await microphone(at, id);
    hasty.say(HELLO);
    for (let index = 0; index < 400; index += 1) hasty.sound(speech[index] ?? SILENCE);
    await until('it to be sent away', () => hasty.closed === 1008);
    const odd = await microphone(at, id);
    odd.say(HELLO);
    odd.sound(new Uint8Array(5_000));
    odd.sound(Uint8Array.of());
    await sleep(300);
    expect(odd.closed).toBeNull();
    expect(device.forged).toBe(0);
  });
});

describe('what goes wrong', () => {
  test('a slow device loses frames, and skips to what is said now; the others hear nothing of it', async () => {
    const { site: at } = await ward(2);
    const session = await at.open();
    const slow = await listening(at, session.id, 0);
    const good = await listening(at, session.id, 1);
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    slow.freeze();
    await sleep(6_000);
    slow.thaw();
    const before = slow.frames.length;
    await until('it to hear again', () => slow.frames.slice(before).some(({ aheadMs }) => aheadMs > 20));
    const again = slow.frames.slice(before).find(({ aheadMs }) => aheadMs > 20);
    const last = slow.frames.filter(({ seq }) => seq < (again?.seq ?? 0)).at(-1);
    // What it missed was not kept for it: it comes back to what is said now.
    expect((again?.seq ?? 0) - (last?.seq ?? 0)).toBeGreaterThan(50);
    const missed = good.frames
      .slice(1)
      .filter(({ seq }, index) => seq !== (good.frames[index]?.seq ?? 0) + 1);
    expect(missed).toEqual([]);
  });

  test('the laptop is closed: within five seconds nothing more is sent, and the broadcast is over', async () => {
    const { site: at } = await ward(1);
    const session = await at.open({ endChime: true });
    const device = await listening(at, session.id, 0);
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    await sleep(500);
    voice.vanish();
    const at0 = Date.now();
    await until('the last frame', () => device.frames.at(-1)?.last === true);
    // Four and a half seconds, and what a busy machine adds.
    expect((device.frames.at(-1)?.arrivedAt ?? 0) - at0).toBeLessThan(6_000);
    const over = at.sessions.view(session.id);
    expect(over.end).toBe('lease-over');
    expect(over.state).toBe('ended');
  });

  test('a network that fails for a moment: the microphone comes back, and the session goes on', async () => {
    const { site: at } = await ward(1);
    const session = await at.open();
    const device = await listening(at, session.id, 0);
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    voice.leave();
    await sleep(1_500);
    const again = await microphone(at, session.id);
    again.say(HELLO);
    const silent = device.frames.length;
    again.speak(speech);
    await until('words again', () =>
      device.frames.slice(silent).some(({ packets }) => packets.some((packet) => !isSilence(packet))),
    );
    expect(at.sessions.view(session.id).end).toBeNull();
    // In between the devices were told that it goes on.
    const gaps = device.frames
      .slice(1)
      .map(({ heardAt }, index) => heardAt - (device.frames[index]?.heardAt ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(60);
  });

  test('who stops everything ends the session too; the log asks for no more than was said', async () => {
    const { site: at, speakers } = await ward(1);
    const session = await at.open();
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    await until('the device to play', () => speakers[0]?.playing === session.id);
    await sleep(1_000);
    await at.broadcasts.stopAll([{ kind: 'all', id: '' }], 'Cán bộ đài');
    const over = at.sessions.view(session.id);
    expect(over.end).toBe('stopped');
    await until('the microphone to be told', () => voice.closed !== null);
    expect(voice.states.at(-1)?.session.state).toBe('ended');
    await until('the log to be put right', () => (dueOf(at, session.id) ?? 1e9) < 30_000);
  });

  test('the verdict compares with what was sent: a device that played all of it has played', async () => {
    const { site: at, speakers } = await ward(1);
    const session = await at.open();
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    await until('the device to play', () => speakers[0]?.playing === session.id);
    await sleep(2_000);
    at.sessions.end(session.id);
    await until('it to be over', () => at.sessions.view(session.id).state === 'ended');
    const { t0, durationMs, body } = broadcastOf(at, session.id);
    expect(durationMs).toBeGreaterThan(1_500);
    expect(durationMs).toBeLessThan(20_000);
    const from = t0 ?? 0;
    const record: AsRunRecord = {
      ...{ seq: 1, occurrence: `${session.id}@${from}`, schedule: session.id, part: { index: 0, of: 1 } },
      ...{ priority: 'live', title: 'x', sha256: body.parts[0]?.renditions[0]?.sha256 ?? '' },
      ...{ dueAt: from, startedAt: from, endedAt: from + durationMs, clockErrorMs: 1, clockSynced: true },
      ...{ playedMs: durationMs - 10, dueMs: durationMs, end: 'completed', volume: 50, muted: false },
    };
    await speakers[0]?.tell('played', { v: 1, boot: 1, oldest: 1, records: [record] });
    await until('the verdict', () => verdictOf(at, session.id) === 'played');
    speakers[0]?.finish();
    await until('the broadcast to have ended by itself', () => stateOf(at, session.id) === 'ended');
  });

  test('the controller is killed while somebody speaks: what was said by then is kept, and the session is over', async () => {
    const { site: at } = await ward(1);
    const session = await at.open();
    const voice = await microphone(at, session.id);
    voice.say(HELLO);
    voice.speak(speech);
    await until('it to be on the air', () => at.sessions.view(session.id).state === 'on-air');
    await sleep(4_000);
    // As a kill leaves it: nothing was ended, and another life finds the same files.
    const copy = await at.copy();
    await at.stop();
    await at.discard();
    const again = await openLiveSite({ devices: 1, directory: copy });
    site = again;
    const over = again.sessions.view(session.id);
    expect(over.end).toBe('controller-stopped');
    expect(over.state).toBe('ended');
    const asset = await recordingOf(again, session.id);
    expect(asset.state).toBe('ready');
    expect(asset.durationMs).toBeGreaterThan(2_500);
    expect(broadcastOf(again, session.id).durationMs).toBeLessThan(20_000);
  });
});

/** What of the speech, said again and again, is not in what was heard; null when there is something else in it. */
function leftOut(said: readonly Uint8Array[], heard: readonly Uint8Array[]): Uint8Array[] | null {
  const same = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
    Buffer.from(one ?? []).equals(Buffer.from(other ?? []));
  let at = said.findIndex((packet) => same(packet, heard[0]));
  const left: Uint8Array[] = [];
  for (const packet of heard) {
    let tries = 0;
    for (; tries < 30 && !same(said[at % said.length], packet); tries += 1) {
      left.push(said[at % said.length] ?? SILENCE);
      at += 1;
    }
    if (tries === 30) return null;
    at += 1;
  }
  return left;
}

function broadcastOf(at: LiveSite, id: string) {
  const row = at.store.sqlite
    .prepare<[string], { t0: number | null; duration_ms: number; body: string }>(
      'SELECT t0, duration_ms, body FROM broadcast WHERE id = ?',
    )
    .get(id);
  if (row === undefined) throw new Error('there is no such broadcast');
  const body = JSON.parse(row.body) as {
    parts: { role: string; durationMs: number; renditions: { sha256: string }[] }[];
  };
  return { t0: row.t0, durationMs: row.duration_ms, body };
}

const one = <T>(at: LiveSite, sql: string, id: string): T | undefined =>
  at.store.sqlite.prepare<[string], T>(sql).pluck().get(id) as T | undefined;
const stateOf = (at: LiveSite, id: string) => one<string>(at, 'SELECT state FROM broadcast WHERE id = ?', id);
const dueOf = (at: LiveSite, id: string) =>
  one<number>(at, 'SELECT due_ms FROM play WHERE schedule_id = ?', id);
const verdictOf = (at: LiveSite, id: string) =>
  one<string>(at, 'SELECT verdict FROM play WHERE schedule_id = ?', id);
const assetState = (at: LiveSite, id: string) => one<string>(at, 'SELECT state FROM asset WHERE id = ?', id);
