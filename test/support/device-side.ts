import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { BlobStore } from '#controller/blobs/store';
import { EmbeddedBroker } from '#controller/broker/embedded';
import type { BrokerLimits } from '#controller/broker/thread-messages';
import { Changes } from '#controller/changes';
import { type Clock, systemClock } from '#controller/clock';
import { Sequence } from '#controller/component';
import { openStore } from '#controller/database/open';
import { DesiredDocuments } from '#controller/desired/documents';
import { type DeviceHttpDeps, deviceRouter } from '#controller/device-http/router';
import { ImageStore } from '#controller/firmware/image-store';
import { Link } from '#controller/link/link';
import { areaHandlers } from '#controller/registry/area-handlers';
import { Commands } from '#controller/registry/commands';
import { deviceHandlers } from '#controller/registry/device-handlers';
import { admissions } from '#controller/registry/membership';
import { modelHandlers } from '#controller/registry/model-handlers';
import { Pairing, type PairingDeps } from '#controller/registry/pairing';
import { Refusals } from '#controller/registry/refusals';
import { Registry } from '#controller/registry/registry';
import { ControllerKey } from '#controller/signing/controller-key';
import { noGuards } from './any-hour.ts';
import { silent } from './embedded-broker.ts';

export interface DeviceSideOptions {
  readonly clock?: Clock;
  readonly brokerLimits?: Partial<BrokerLimits>;
  readonly httpLimits?: DeviceHttpDeps['limits'];
  readonly pairingLimits?: PairingDeps['limits'];
  /** An existing directory, for a second life on the same data. */
  readonly directory?: string;
  readonly heartbeatIntervalMs?: number;
}

export type DeviceSide = Awaited<ReturnType<typeof startDeviceSide>>;

/** The half of the controller that devices see: real broker, database, key and HTTP, on free ports. */
export async function startDeviceSide(options: DeviceSideOptions = {}) {
  const directory = options.directory ?? (await mkdtemp(path.join(tmpdir(), 'loa-side-')));
  const clock = options.clock ?? systemClock;
  const store = openStore(path.join(directory, 'loa.sqlite'));
  const changes = new Changes();
  const log = silent;
  const key = await ControllerKey.load(path.join(directory, 'keys'));
  const blobs = new BlobStore(path.join(directory, 'blobs'), store);
  const base = { store, clock, changes, log };
  const broker = new EmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    log,
    admissions: () => admissions(store),
    ...(options.brokerLimits === undefined ? {} : { limits: options.brokerLimits }),
  });
  const refusals = new Refusals(base);
  const link = new Link({
    account: () => broker.account,
    clock,
    log,
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
  const pairing = new Pairing({
    ...base,
    key,
    gate: broker,
    welcome: (device) => void desired.refresh([device]),
    ...(options.pairingLimits === undefined ? {} : { limits: options.pairingLimits }),
  });
  const registry = new Registry({
    ...base,
    link,
    refusals,
    commands,
    pairing,
    desired,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 30_000,
  });
  broker.listen(registry.brokerListener);
  const rooms = { ...base, gate: broker, desired };
  const handlers = {
    ...areaHandlers(rooms),
    ...modelHandlers(rooms),
    ...deviceHandlers({
      ...rooms,
      config: { LOA_TIMEZONE: 'Asia/Ho_Chi_Minh' },
      guards: noGuards(store),
      blobs,
      commands,
      pairing,
      registry,
      link,
    }),
  };
  const app = express();
  app.use(
    '/device/v1',
    deviceRouter({
      ...base,
      blobs,
      incoming: path.join(directory, 'incoming'),
      images: new ImageStore(path.join(directory, 'firmware')),
      pairing,
      endpoints: {
        publicUrl: undefined,
        brokerPublicUrl: undefined,
        externalBroker: undefined,
        mqttPort: () => broker.port,
        mqttTls: false,
        webSocket: true,
      },
      ...(options.httpLimits === undefined ? {} : { limits: options.httpLimits }),
    }),
  );
  const server = createServer(app);
  server.on('upgrade', broker.upgrade);
  const http = {
    start: () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const parts = new Sequence([refusals, broker, pairing, registry, commands, link, desired, http]);
  await parts.start();
  return {
    ...{
      store,
      clock,
      changes,
      key,
      blobs,
      broker,
      link,
      refusals,
      commands,
      desired,
      pairing,
      registry,
      handlers,
    },
    directory,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Ends it; the directory stays for another life. */
    stop: async () => {
      await parts.stop();
      await store.close();
    },
    discard: () => rm(directory, { recursive: true, force: true }),
  };
}
