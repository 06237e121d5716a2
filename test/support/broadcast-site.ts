import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BlobStore } from '#controller/blobs/store';
import { Broadcasts } from '#controller/broadcasts/broadcasts';
import { EmbeddedBroker } from '#controller/broker/embedded';
import { Changes } from '#controller/changes';
import { systemClock } from '#controller/clock';
import { Sequence } from '#controller/component';
import { openStore, type Store } from '#controller/database/open';
import type { SiteGuards } from '#controller/guards/site-guards';
import { Link } from '#controller/link/link';
import { PlaybackLog } from '#controller/playback/playback-log';
import { Commands } from '#controller/registry/commands';
import { admissions } from '#controller/registry/membership';
import { Refusals } from '#controller/registry/refusals';
import { Registry } from '#controller/registry/registry';
import { ControllerKey } from '#controller/signing/controller-key';
import { noGuards } from './any-hour.ts';
import { silent } from './embedded-broker.ts';
import { FakeSpeaker } from './fake-speaker.ts';
import { seededCredential } from './seed.ts';

/** Everything of the controller that a broadcast passes, with a real broker, database, key and clock. */
export type BroadcastSite = Awaited<ReturnType<typeof openBroadcastSite>>;

const SOUND = 'a'.repeat(64);

/**
 * A ward of so many speakers `loa-00000` and on, in two neighbourhoods by turns, with a programme `p1` of so many ms.
 * @param directory and port of an earlier life, to go on from.
 */
export async function openBroadcastSite(options: {
  devices: number;
  durationMs?: number;
  /** The last so many of the devices are boards. */
  boards?: number;
  directory?: string;
  port?: number;
  guards?: (store: Store) => SiteGuards;
}) {
  const directory = options.directory ?? (await mkdtemp(path.join(tmpdir(), 'loa-broadcasts-')));
  const store = openStore(path.join(directory, 'loa.sqlite'));
  if (options.directory === undefined) {
    seed(store, options.devices, options.durationMs ?? 60_000, options.boards ?? 0);
  }
  const changes = new Changes();
  const base = { store, clock: systemClock, changes, log: silent };
  const key = await ControllerKey.load(path.join(directory, 'keys'));
  const broker = new EmbeddedBroker({
    host: '127.0.0.1',
    port: options.port ?? 0,
    log: silent,
    admissions: () => admissions(store),
  });
  const refusals = new Refusals(base);
  const link = new Link({
    account: () => broker.account,
    clock: systemClock,
    log: silent,
    refused: (refusal) => refusals.count({ ...refusal, source: 'controller' }),
  });
  const commands = new Commands({ ...base, key, link });
  const registry = new Registry({
    ...base,
    link,
    refusals,
    commands,
    pairing: { collected: () => {} },
    desired: { refresh: async () => {} },
    heartbeatIntervalMs: 30_000,
  });
  broker.listen(registry.brokerListener);
  const blobs = new BlobStore(path.join(directory, 'blobs'), store);
  const broadcasts = new Broadcasts({
    ...base,
    key,
    link,
    guards: options.guards?.(store) ?? noGuards(store),
    blobs,
    registry,
  });
  let births = 0;
  registry.onBorn(() => {
    births += 1;
  });
  const playback = new PlaybackLog({
    ...base,
    tell: async (device, tell) => void (await link.tell(device, tell)),
  });
  link.on('played', (device, message) => playback.receive(device, message));
  const parts = new Sequence([broker, refusals, commands, registry, broadcasts, link]);
  await parts.start();
  return {
    ...{ store, changes, key, broker, link, registry, commands, broadcasts, blobs, directory },
    /** A speaker that is there and answers as it is told to. */
    speaker: (index: number, manner?: ConstructorParameters<typeof FakeSpeaker>[1]) =>
      new FakeSpeaker(
        { id: idOf(index), groups: ['ward', `tdp-${index % 2}`], publicKey: key.publicKey },
        manner,
      ),
    /** How many introductions of devices were taken in. */
    births: () => births,
    group: (id: string, members: readonly string[]) => addGroup(store, id, members, broker),
    stop: async () => {
      await parts.stop();
      await store.close();
    },
    discard: () => rm(directory, { recursive: true, force: true }),
  };
}

export const idOf = (index: number): string => `loa-${String(index).padStart(5, '0')}`;

function seed({ sqlite }: Store, devices: number, durationMs: number, boards: number): void {
  sqlite.transaction(() => {
    sqlite.exec(`INSERT INTO area (id, parent_id, kind, name, created_at) VALUES ('ward', NULL, 'ward', 'Phù Vân', 0),
      ('tdp-0', 'ward', 'neighbourhood', 'Tổ 0', 0), ('tdp-1', 'ward', 'neighbourhood', 'Tổ 1', 0)`);
    const insert = sqlite.prepare(
      `INSERT INTO device (id, kind, name, model, serial, area_id, public_key, credential_hash, capabilities,
        status_since, created_at) VALUES (?, ?, ?, 'M', ?, ?, '{}', ?, ?, 0, 0)`,
    );
    for (let index = 0; index < devices; index += 1) {
      const id = idOf(index);
      const hash = createHash('sha256').update(seededCredential(id)).digest('hex');
      const board = index >= devices - boards;
      const capabilities = board ? '{"codecs":[]}' : '{"codecs":["opus"]}';
      insert.run(id, board ? 'board' : 'speaker', `Cụm ${id}`, id, `tdp-${index % 2}`, hash, capabilities);
    }
    sqlite.exec(`INSERT INTO blob (sha256, bytes, type, created_at) VALUES ('${SOUND}', 1000, 'audio/ogg', 0),
      ('${'b'.repeat(64)}', 1000, 'audio/mpeg', 0)`);
    sqlite.exec(`INSERT INTO asset (id, title, source, state, duration_ms, opus_sha256, mp3_sha256, created_at, updated_at)
      VALUES ('a1', 'Thông báo', 'upload', 'ready', ${durationMs}, '${SOUND}', '${'b'.repeat(64)}', 0, 0)`);
    sqlite.exec(`INSERT INTO programme (id, title, asset_id, created_at, updated_at)
      VALUES ('p1', 'Thông báo khẩn', 'a1', 0, 0)`);
  })();
}

function addGroup(store: Store, id: string, members: readonly string[], broker: EmbeddedBroker): string {
  const { sqlite } = store;
  sqlite.prepare('INSERT INTO device_group (id, name, created_at) VALUES (?, ?, 0)').run(id, `Nhóm ${id}`);
  const add = sqlite.prepare('INSERT INTO device_group_member (group_id, device_id) VALUES (?, ?)');
  for (const member of members) add.run(id, member);
  broker.admit(admissions(store, [...members]));
  return id;
}
