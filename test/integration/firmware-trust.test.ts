import { generateKeyPair } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { EVERY_DEVICE, groupTopic } from '#devices/topics';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { tone } from '../support/sound.ts';

const PATIENCE = { timeout: 60_000 };
const STOP = { v: 1, type: 'stop' } as const;
const IDENTIFY = { v: 1, type: 'identify', seconds: 1 } as const;
let bench: DeviceBench;
let sound: Buffer;

beforeAll(async () => {
  sound = await tone(2, 600);
}, 60_000);
beforeEach(async () => {
  bench = await DeviceBench.open();
  await bench.on();
  await bench.born();
});
afterEach(() => bench.close());

const strangerKey = async () => {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  return { kid: 'k1', privateKey };
};
const settings = { volume: 50, muted: false, brightness: 50, outputDelayMs: 0 };

test('a command signed by a stranger is not obeyed, and the attempt is told', PATIENCE, async () => {
  const { controller } = bench;
  controller.command(await controller.signCommand(IDENTIFY, { key: await strangerKey() }));
  expect(await bench.rejected(null)).toBe('bad-signature');
  expect(bench.events.some(({ type }) => type === 'identify')).toBe(false);
});

test('a command for another device, or one that is too old, is not obeyed', PATIENCE, async () => {
  const { controller } = bench;
  controller.command(await controller.signCommand(IDENTIFY, { id: 'other', audience: 'd-somebody' }));
  expect(await bench.rejected('other')).toBe('wrong-audience');
  controller.command(await controller.signCommand(IDENTIFY, { id: 'old', expiresAt: Date.now() - 10_000 }));
  expect(await bench.rejected('old')).toBe('expired');
  controller.command('neither.fish.nor-fowl');
  expect(await bench.rejected(null)).toBe('malformed');
  expect(bench.events.some(({ type }) => type === 'identify')).toBe(false);
});

test('a desired document passed off as a command is not obeyed', PATIENCE, async () => {
  const { controller } = bench;
  const body = { v: 1 as const, revision: 9, settings, groups: [], plan: null };
  controller.command(await controller.signDesired(body, { id: 'disguised' }));
  expect(await bench.rejected(null)).toBe('wrong-type');
});

test('a command recorded and sent again is obeyed once, even after a restart', PATIENCE, async () => {
  const { controller } = bench;
  const jws = await controller.signCommand(IDENTIFY, { id: 'twice' });
  controller.command(jws);
  await until('it is obeyed', () =>
    controller.acks().some((ack) => ack.id === 'twice' && ack.state === 'ended'),
  );
  controller.command(jws);
  expect(await bench.rejected('twice')).toBe('replayed');
  await bench.off();
  const births = controller.births().length;
  await bench.on();
  await bench.born(births);
  const refusals = () =>
    controller.acks().filter((ack) => ack.id === 'twice' && ack.state === 'rejected').length;
  const before = refusals();
  controller.command(jws);
  await until('it is refused again', () => refusals() > before);
  expect(bench.events.filter(({ type }) => type === 'identify')).toHaveLength(1);
});

test('an old desired document cannot bring back old settings', PATIENCE, async () => {
  const { controller } = bench;
  const first = await controller.desire(null);
  await bench.ready(first.id);
  const second = await controller.desire(null, { settings: { volume: 30 } });
  await bench.ready(second.id);
  const stale = { v: 1 as const, revision: first.revision, settings, groups: [], plan: null };
  controller.publish(
    `loa/v1/down/${controller.device}/desired`,
    await controller.signDesired(stale, { id: 'stale' }),
  );
  expect(await bench.rejected('stale')).toBe('stale-revision');
  const beats = controller.heartbeats().length;
  const beat = await until('it tells its volume', () => controller.heartbeats()[beats + 1]);
  expect(beat).toMatchObject({ volume: 30, desiredRevision: second.revision });
});

test('a plan that the controller did not sign is not played, and the refusal is told', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(sound);
  const plan = planOf([occurrence(Date.now() + 60_000, [part(sha, 2_000)])], controller.blobs);
  await controller.desire(plan, { planKey: await strangerKey() });
  const ack = await until('the refusal is told', () =>
    controller.acks().find((one) => one.subject === 'plan'),
  );
  expect(ack).toMatchObject({ state: 'rejected', reason: 'bad-signature' });
  expect(controller.heartbeats().at(-1)?.plan).toBeNull();
});

test('a command to its group reaches the device, and one to a group it left does not', PATIENCE, async () => {
  const { controller } = bench;
  await bench.ready((await controller.desire(null, { groups: ['to-3'] })).id);
  controller.publish(
    groupTopic('to-3'),
    await controller.signCommand(STOP, { id: 'all-stop', audience: 'to-3' }),
  );
  await until('it is obeyed', () =>
    controller.acks().some((ack) => ack.id === 'all-stop' && ack.state === 'ended'),
  );
  await bench.ready((await controller.desire(null, { groups: [] })).id);
  controller.command(await controller.signCommand(STOP, { id: 'left', audience: 'to-3' }));
  expect(await bench.rejected('left')).toBe('wrong-audience');
});

test('a command to every device of the site reaches one that is in no group', PATIENCE, async () => {
  const { controller } = bench;
  controller.publish(
    groupTopic(EVERY_DEVICE),
    await controller.signCommand(STOP, { id: 'site-stop', audience: EVERY_DEVICE }),
  );
  await until('it is obeyed', () =>
    controller.acks().some((ack) => ack.id === 'site-stop' && ack.state === 'ended'),
  );
});

test('a controller that starts anew hears again who the device is', PATIENCE, async () => {
  const { controller } = bench;
  const births = controller.births().length;
  const presences = () => controller.heard.filter(({ kind }) => kind === 'presence').length;
  const before = presences();
  controller.newEpoch();
  await bench.born(births);
  expect(presences()).toBe(before + 1);
  expect(controller.births().at(-1)).toMatchObject({
    kind: 'speaker',
    boot: 1,
    capabilities: { codecs: ['opus', 'mp3'] },
  });
});

test(
  'a technician sees the code that the device shows, and only the device can collect the answer',
  PATIENCE,
  async () => {
    const shown = bench.events.find((event) => event.type === 'pairing-code');
    const request = bench.controller.pairRequests[0];
    expect(request?.code).toBe(shown?.type === 'pairing-code' ? shown.code : undefined);
    expect(await bench.controller.proves(request)).toBe(true);
  },
);
