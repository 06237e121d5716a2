import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openGate } from '#controller/broker/gate';
import { Changes } from '#controller/changes';
import { systemClock } from '#controller/clock';
import { Sequence } from '#controller/component';
import { openStore } from '#controller/database/open';
import { DesiredDocuments } from '#controller/desired/documents';
import { Link } from '#controller/link/link';
import { Commands } from '#controller/registry/commands';
import { deviceLine } from '#controller/registry/device-list';
import { Pairing } from '#controller/registry/pairing';
import { Refusals } from '#controller/registry/refusals';
import { Registry } from '#controller/registry/registry';
import { ControllerKey } from '#controller/signing/controller-key';
import { downTopic, upTopic } from '#devices/topics';
import { noGuards } from '../support/any-hour.ts';
import { connect, nextMessage, silent, until } from '../support/embedded-broker.ts';
import { heartbeat } from '../support/registered-device.ts';

const view = () => ({ now: Date.now(), zone: 'Asia/Ho_Chi_Minh', guards: {}, heardAt: () => null });
const children: ChildProcess[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  }
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

async function stockBroker(): Promise<string> {
  const file = new URL('../support/external-broker.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [port]: Buffer[] = await once(child.stdout, 'data');
  return `mqtt://127.0.0.1:${String(port).trim()}`;
}

const mosquittoIsHere = (): boolean => {
  try {
    execFileSync('mosquitto', ['-h'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return error instanceof Error && 'status' in error && error.status !== null;
  }
};

async function mosquitto(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const directory = mkdtempSync(path.join(tmpdir(), 'loa-mosquitto-'));
  directories.push(directory);
  const file = path.join(directory, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  children.push(spawn('mosquitto', ['-c', file], { stdio: 'ignore' }));
  const url = `mqtt://127.0.0.1:${port}`;
  await until(() =>
    connect(url, { clientId: 'probe' }).then(
      (client) => client.endAsync().then(() => true),
      () => false,
    ),
  );
  return url;
}

const brokers: [string, () => Promise<string>][] = [['a stock aedes', stockBroker]];
if (mosquittoIsHere()) brokers.push(['mosquitto', mosquitto]);

test.each(brokers)('the same house works on %s', async (_name, startExternal) => {
  const url = await startExternal();
  const directory = mkdtempSync(path.join(tmpdir(), 'loa-external-'));
  directories.push(directory);
  const store = openStore(':memory:');
  const base = { store, clock: systemClock, changes: new Changes(), log: silent };
  const key = await ControllerKey.load(directory);
  const refusals = new Refusals(base);
  const link = new Link({
    ...base,
    account: () => ({ url }),
    refused: (refusal) => refusals.count({ ...refusal, source: 'controller' }),
  });
  const commands = new Commands({ ...base, key, link });
  const desired = new DesiredDocuments({
    ...base,
    ...{ zone: 'Asia/Ho_Chi_Minh', siteName: 'Phường Phù Vân' },
    guards: noGuards(store),
    key,
    link,
  });
  const pairing = new Pairing({ ...base, key, gate: openGate, welcome: () => {} });
  const registry = new Registry({
    ...{ ...base, link, refusals, commands, pairing, desired },
    heartbeatIntervalMs: 30_000,
  });
  const parts = new Sequence([refusals, registry, commands, link, desired]);
  const id = 'loa-aaaa2222';
  store.sqlite
    .prepare(
      `INSERT INTO device (id, kind, name, model, serial, public_key, credential_hash, capabilities, status_since, created_at)
        VALUES (?, 'speaker', 'Cụm 1', 'Loa', 'S1', '{}', '', '{"codecs":["opus"]}', 0, 0)`,
    )
    .run(id);
  await parts.start();

  const session = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const will = {
    topic: upTopic(id, 'presence'),
    payload: Buffer.from(JSON.stringify({ v: 1, session, online: false })),
    qos: 1,
    retain: true,
  } as const;
  const client = await connect(url, { clientId: id, will });
  const document = nextMessage(client, downTopic(id, 'desired'));
  await client.subscribeAsync([downTopic(id, 'desired'), downTopic(id, 'tell')], { qos: 1 });
  expect((await document).payload.split('.')).toHaveLength(3);
  await client.publishAsync(upTopic(id, 'presence'), JSON.stringify({ v: 1, session, online: true }), {
    qos: 1,
    retain: true,
  });
  await client.publishAsync(upTopic(id, 'heartbeat'), JSON.stringify(heartbeat(session)));
  await until(() => deviceLine(store, id, view())?.status === 'online');

  const answer = nextMessage(client, downTopic(id, 'tell'));
  await client.publishAsync(upTopic(id, 'ask'), JSON.stringify({ v: 1, type: 'time', id: 1, t1: 5 }));
  expect(JSON.parse((await answer).payload)).toMatchObject({ type: 'time', id: 1, t1: 5 });

  // A broker without our rules lets anything through; the link does not.
  await client.publishAsync(upTopic(id, 'birth'), 'x'.repeat(9_000), { qos: 1 });
  await client.publishAsync(upTopic('loa-stranger', 'heartbeat'), JSON.stringify(heartbeat(session)));
  await until(() => {
    refusals.flush();
    return deviceLine(store, id, view())?.refusals === 1;
  });
  expect(deviceLine(store, 'loa-stranger', view())).toBeUndefined();

  client.stream.destroy();
  await until(() => store.sqlite.prepare('SELECT connected FROM device').pluck().get() === 0);
  await parts.stop();
  await store.close();
});
