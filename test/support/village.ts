import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allowAnyHour } from './any-hour.ts';
import { Client } from './client.ts';
import { freePort } from './ports.ts';
import { Program } from './process.ts';
import { until } from './until.ts';

export const ADMIN_PASSWORD = 'mat-khau-cua-can-bo-dai';

/** How a process of its own is started. */
interface Launch {
  readonly env?: Readonly<Record<string, string>>;
  /** Node's own. */
  readonly flags?: readonly string[];
}

/** A controller and devices as processes on this machine, in a directory of their own that goes with them. */
export class Village {
  readonly directory: string;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly client: Client;
  controller: Program;
  readonly devices: Program[] = [];
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    directory: string,
    httpPort: number,
    mqttPort: number,
    env: Readonly<Record<string, string>>,
  ) {
    this.directory = directory;
    this.httpPort = httpPort;
    this.mqttPort = mqttPort;
    this.#env = env;
    this.client = new Client(`http://127.0.0.1:${httpPort}`);
    this.controller = this.#launch();
  }

  /**
   * Starts the controller, signs in and allows every hour, unless `firstSignIn` is to be done by the test: then the rest
   * is too (`allowAnyHour`).
   */
  static async start(
    options: {
      env?: Record<string, string>;
      firstSignIn?: 'done' | 'left';
      /** Puts something into the data directory before the controller sees it. */
      prepare?: (dataDirectory: string) => Promise<void>;
      /** Puts something between devices and controller. @returns more of the controller's environment. */
      behind?: (ports: { http: number; mqtt: number }) => Promise<Record<string, string>>;
    } = {},
  ): Promise<Village & { firstPassword: string }> {
    const directory = await mkdtemp(path.join(tmpdir(), 'loa-village-'));
    await options.prepare?.(path.join(directory, 'data'));
    const ports = { http: await freePort(), mqtt: await freePort() };
    const env = { ...options.env, ...(await options.behind?.(ports)) };
    const village = new Village(directory, ports.http, ports.mqtt, env);
    const [, firstPassword = ''] = await village.controller.line(/^first sign-in: admin (\S+)$/);
    await village.ready();
    if (options.firstSignIn !== 'left') {
      await village.client.signIn('admin', firstPassword);
      const body = { currentPassword: firstPassword, newPassword: ADMIN_PASSWORD };
      await village.client.call('POST /session/password', { body });
      await allowAnyHour(village.client);
    }
    return Object.assign(village, { firstPassword });
  }

  get url(): string {
    return this.client.url;
  }

  async ready(): Promise<void> {
    await until('the controller to be ready', async () => {
      if (!this.controller.running)
        throw new Error(`the controller ended:\n${this.controller.errors.join('\n')}`);
      return (await fetch(`${this.url}/readyz`).catch(() => null))?.ok;
    });
  }

  /** Starts it again on the same data and ports. */
  async restartController(): Promise<void> {
    this.controller = this.#launch();
    await this.ready();
  }

  /** Starts a device with a directory of its own and lets it in. @returns the process and the device's id. */
  async addDevice(
    name: string,
    args: readonly string[],
    options: { areaId?: string } & Launch = {},
  ): Promise<{ program: Program; id: string; directory: string }> {
    const { program, directory } = this.startDevice(name, args, options);
    const [, code] = await program.line(/^pairing code (\w+)$/);
    const pairing = await until('the pairing request', async () =>
      (await this.client.call('GET /pairings')).find((waiting) => waiting.code === code),
    );
    const body = { name, areaId: options.areaId ?? null };
    const { device } = await this.client.call('POST /pairings/{id}/approve', {
      params: { id: pairing.id },
      body,
    });
    await program.line(/^connected/);
    return { program, id: device, directory };
  }

  /** Starts a device, perhaps again, in the directory of that name. */
  startDevice(
    name: string,
    args: readonly string[],
    { env, flags }: Launch = {},
  ): { program: Program; directory: string } {
    const directory = path.join(this.directory, 'devices', name.replaceAll(/\W+/g, '-'));
    const program = new Program(
      'firmware-sim/main.js',
      ['--http', this.url, '--dir', directory, ...args],
      env,
      flags,
    );
    this.devices.push(program);
    return { program, directory };
  }

  async stop(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.stop()));
    await this.controller.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  #launch(): Program {
    return new Program('controller/main.js', [], {
      LOA_HTTP_HOST: '127.0.0.1',
      LOA_HTTP_PORT: String(this.httpPort),
      LOA_MQTT_PORT: String(this.mqttPort),
      LOA_DATA_DIR: path.join(this.directory, 'data'),
      LOA_LOG_LEVEL: 'warn',
      ...this.#env,
    });
  }
}
