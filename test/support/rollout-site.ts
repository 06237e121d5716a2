import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '#controller/config/read';
import { type RunningController, startController } from '#controller/controller';
import { openDataDirectory } from '#controller/data-directory/open';
import type { FirmwareImage, Rollout, RolloutDetail } from '#controller/http/contract/firmware';
import type { Problem } from '#controller/http/contract/route';
import { Device } from '#firmware-sim/device';
import type { DeviceOptions } from '#firmware-sim/options';
import { allowAnyHour } from './any-hour.ts';
import { Client, ProblemError } from './client.ts';
import { silent } from './embedded-broker.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

const PASSWORD = 'mat-khau-cua-ky-thuat-vien';
export const MODEL = 'LP-30';

/** A whole controller in this process, and devices of one model, all real but for the sound. */
export class RolloutSite {
  readonly client: Client;
  readonly devices: Device[] = [];
  readonly #home: string;
  readonly #ports: { http: number; mqtt: number };
  #controller: { running: RunningController; release: () => void } | null = null;

  private constructor(home: string, ports: { http: number; mqtt: number }) {
    this.#home = home;
    this.#ports = ports;
    this.client = new Client(`http://127.0.0.1:${ports.http}`);
  }

  static async open(): Promise<RolloutSite> {
    const home = await mkdtemp(path.join(tmpdir(), 'loa-rollout-'));
    const site = new RolloutSite(home, { http: await freePort(), mqtt: await freePort() });
    const password = await site.startController();
    await site.client.signIn('admin', password ?? '');
    const body = { currentPassword: password ?? '', newPassword: PASSWORD };
    await site.client.call('POST /session/password', { body });
    await allowAnyHour(site.client);
    return site;
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.stop()));
    await this.stopController();
    await rm(this.#home, { recursive: true, force: true });
  }

  /** @returns the first password, at the first start. */
  async startController(): Promise<string | undefined> {
    const data = path.join(this.#home, 'data');
    const config = readConfig({
      LOA_HTTP_HOST: '127.0.0.1',
      LOA_HTTP_PORT: String(this.#ports.http),
      LOA_MQTT_PORT: String(this.#ports.mqtt),
      LOA_DATA_DIR: data,
      LOA_FIRMWARE_MAX_MB: '1',
    });
    const directory = await openDataDirectory(data);
    const running = await startController(config, directory, silent);
    this.#controller = { running, release: () => directory.release() };
    return running.firstAccount?.password;
  }

  async stopController(): Promise<void> {
    const controller = this.#controller;
    this.#controller = null;
    await controller?.running.stop();
    controller?.release();
  }

  imagePath(sha256: string): string {
    return path.join(this.#home, 'data', 'firmware', sha256);
  }

  deviceDirectory(index: number): string {
    return path.join(this.#home, `device-${index}`);
  }

  /** Makes so many devices and lets them in. */
  async addDevices(count: number, options: Partial<DeviceOptions> = {}): Promise<void> {
    const first = this.devices.length;
    const names = new Map<string, string>();
    for (let index = first; index < first + count; index += 1) {
      const device = new Device({
        kind: 'speaker',
        http: this.client.url,
        dir: this.deviceDirectory(index),
        model: MODEL,
        serial: `S${index}`,
        decoder: 'silent',
        heartbeatMs: 5_000,
        pairRetryMs: 1_000,
        reconnect: { minMs: 50, maxMs: 500 },
        downloadRetry: { minMs: 50, maxMs: 300 },
        firmwareQuietMs: 50,
        firmwareTrialMs: 20_000,
        ...options,
      });
      this.devices.push(device);
      names.set(`S${index}`, `Cụm loa ${index + 1}`);
      await device.start();
    }
    await until('all devices to ask to be let in', async () => {
      for (const { id, serial } of await this.client.call('GET /pairings')) {
        const body = { name: names.get(serial) ?? serial, areaId: null };
        await this.client.call('POST /pairings/{id}/approve', { params: { id }, body });
        names.delete(serial);
      }
      return names.size === 0;
    });
    let statuses: string[] = [];
    await until('all devices to be online', async () => {
      const { items } = await this.client.call('GET /devices', { query: { limit: 1_000 } });
      statuses = items.map(({ status, faults }) => [status, ...faults].join(' '));
      return items.length === this.devices.length && items.every(({ status }) => status === 'online');
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; they are ${statuses.join(', ')}`);
    });
  }

  /** @throws ProblemError as the controller answers it. */
  async upload(version: string, bytes: Buffer, model = MODEL): Promise<FirmwareImage> {
    const answer = await fetch(
      `${this.client.url}/api/v1/firmware?${new URLSearchParams({ model, version, note: 'thử' })}`,
      {
        method: 'POST',
        headers: { cookie: this.client.cookie, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
      },
    );
    if (!answer.ok) throw new ProblemError((await answer.json()) as Problem);
    return (await answer.json()) as FirmwareImage;
  }

  begin(
    image: FirmwareImage,
    more: { stages?: number[]; failureLimitPercent?: number } = {},
  ): Promise<Rollout> {
    return this.client.call('POST /rollouts', { body: { image: image.id, ...more } });
  }

  detail(rollout: Rollout): Promise<RolloutDetail> {
    return this.client.call('GET /rollouts/{id}', { params: { id: rollout.id } });
  }

  /** Until the rollout has come to a state. */
  reached(rollout: Rollout, state: Rollout['state']): Promise<RolloutDetail> {
    return this.when(rollout, `be ${state}`, (detail) => detail.state === state);
  }

  /** Until something holds of the rollout; fails with how it stands. */
  async when(
    rollout: Rollout,
    what: string,
    holds: (detail: RolloutDetail) => boolean,
  ): Promise<RolloutDetail> {
    let last: RolloutDetail | undefined;
    const look = async (): Promise<RolloutDetail | null> => {
      last = await this.detail(rollout);
      return holds(last) ? last : null;
    };
    return await until(`the rollout to ${what}`, look).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(last)}`);
    });
  }

  /** What the devices run, by their own word: version and how many. */
  async running(): Promise<Record<string, number>> {
    const { items } = await this.client.call('GET /devices', { query: { limit: 1_000 } });
    const versions: Record<string, number> = {};
    for (const { id } of items) {
      const { firmware } = await this.client.call('GET /devices/{id}', { params: { id } });
      versions[firmware ?? 'unknown'] = (versions[firmware ?? 'unknown'] ?? 0) + 1;
    }
    return versions;
  }
}

/** The code of the problem that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error.problem.code;
  throw new Error(`expected a refusal, got ${String(error)}`);
}
