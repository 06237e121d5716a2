import { afterEach, expect, test } from 'vitest';
import { broadcastSummary } from '#controller/broadcasts/views';
import type { Entity } from '#controller/changes';
import { type BroadcastSite, openBroadcastSite } from '../support/broadcast-site.ts';
import { until } from '../support/embedded-broker.ts';
import type { FakeSpeaker } from '../support/fake-speaker.ts';

const DEVICES = 2_000;
const DEAD = 37;

let site: BroadcastSite;
let speakers: FakeSpeaker[] = [];

afterEach(async () => {
  for (const speaker of speakers) speaker.cut();
  await site.stop();
  await site.discard();
});

test('two thousand speakers, some of them dead: every one is counted in one place, the console is not flooded, all are silenced', async () => {
  site = await openBroadcastSite({ devices: DEVICES, durationMs: 120_000 });
  speakers = Array.from({ length: DEVICES }, (_, index) =>
    site.speaker(index, { dead: index < DEAD, believes: true }),
  );
  for (let at = 0; at < DEVICES; at += 100) {
    await Promise.all(speakers.slice(at, at + 100).map((speaker) => speaker.connect(site.broker.port)));
  }
  await until(() => site.births() === DEVICES);
  site.registry.flush();
  const announced = new Map<Entity, number>();
  site.changes.listen((entity) => announced.set(entity, (announced.get(entity) ?? 0) + 1));
  const began = performance.now();
  const { id } = await site.broadcasts.play({
    content: { kind: 'programme', id: 'p1' },
    targets: [{ kind: 'all', id: '' }],
    priority: 'priority',
    resume: 'skip',
    volume: null,
    patienceMs: 60_000,
    by: null,
  });
  const look = () => broadcastSummary(site.store, id);
  await until(() => look().counts.started === DEVICES - DEAD);
  const seconds = (performance.now() - began) / 1_000;
  expect(look().counts).toMatchObject({ asked: DEAD, started: DEVICES - DEAD, ready: 0, received: 0 });
  expect(announced.get('broadcast'), 'five times a second at most').toBeLessThanOrEqual(5 * seconds + 2);
  expect(announced.get('device') ?? 0, 'an acknowledgement is no news about the device').toBeLessThan(
    DEVICES / 10,
  );
  await until(() => site.store.sqlite.prepare('SELECT count(*) FROM play').pluck().get() === DEVICES);

  await site.broadcasts.stopAll([{ kind: 'all', id: '' }], null);
  await until(() => speakers.every(({ playing }) => playing === null));
  await until(() => look().counts.stopped === DEVICES - DEAD);
  expect(look().state).toBe('stopped');
  const rows = site.store.sqlite
    .prepare('SELECT state, count(*) AS devices FROM broadcast_device GROUP BY state ORDER BY state')
    .all();
  expect(rows).toEqual([
    { state: 'asked', devices: DEAD },
    { state: 'stopped', devices: DEVICES - DEAD },
  ]);
}, 180_000);
