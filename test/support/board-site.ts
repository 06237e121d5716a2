import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { readConfig } from '#controller/config/read';
import { type RunningController, startController } from '#controller/controller';
import { openDataDirectory } from '#controller/data-directory/open';
import type { BoardView } from '#controller/http/contract/boards';
import type { BoardContent, Programme } from '#controller/http/contract/library';
import type { Problem } from '#controller/http/contract/route';
import type { Visual } from '#controller/http/contract/visuals';
import { PanelCondition } from '#firmware-sim/board/panel-condition';
import { Device } from '#firmware-sim/device';
import type { DeviceEvent } from '#firmware-sim/events';
import type { DeviceOptions } from '#firmware-sim/options';
import { allowAnyHour } from './any-hour.ts';
import { Client, ProblemError } from './client.ts';
import { silent } from './embedded-broker.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

const PASSWORD = 'mat-khau-cua-can-bo-dai';

/** A board that was let in, with what it told of itself. */
export interface SiteBoard {
  readonly id: string;
  readonly device: Device;
  readonly condition: PanelCondition;
  readonly events: DeviceEvent[];
}

/** A whole controller in this process, with simulated boards that draw really. */
export class BoardSite {
  readonly client: Client;
  readonly #home: string;
  readonly #ports: { http: number; mqtt: number };
  readonly #devices: Device[] = [];
  #controller: { running: RunningController; release: () => void } | null = null;

  private constructor(home: string, ports: { http: number; mqtt: number }) {
    this.#home = home;
    this.#ports = ports;
    this.client = new Client(`http://127.0.0.1:${ports.http}`);
  }

  static async open(): Promise<BoardSite> {
    const home = await mkdtemp(path.join(tmpdir(), 'loa-boards-'));
    const site = new BoardSite(home, { http: await freePort(), mqtt: await freePort() });
    const password = await site.startController();
    await site.client.signIn('admin', password ?? '');
    const body = { currentPassword: password ?? '', newPassword: PASSWORD };
    await site.client.call('POST /session/password', { body });
    await allowAnyHour(site.client);
    return site;
  }

  async close(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.stop()));
    await this.stopController();
    await rm(this.#home, { recursive: true, force: true });
  }

  /** @returns the first password, at the first start. */
  async startController(): Promise<string | undefined> {
    const config = readConfig({
      LOA_HTTP_HOST: '127.0.0.1',
      LOA_HTTP_PORT: String(this.#ports.http),
      LOA_MQTT_PORT: String(this.#ports.mqtt),
      LOA_DATA_DIR: this.data,
    });
    const directory = await openDataDirectory(this.data);
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

  get data(): string {
    return path.join(this.#home, 'data');
  }

  get database(): string {
    return path.join(this.data, 'loa.sqlite');
  }

  /** Lets a board in, and waits until it is heard. */
  async board(name: string, options: Partial<DeviceOptions> = {}): Promise<SiteBoard> {
    const condition = new PanelCondition();
    const events: DeviceEvent[] = [];
    const serial = `B${this.#devices.length}`;
    const device = new Device({
      ...{ kind: 'board', http: this.client.url, dir: path.join(this.#home, serial), serial },
      ...{ panel: { width: 192, height: 96 }, panelCondition: condition, heartbeatMs: 2_000 },
      ...{ pairRetryMs: 300, reconnect: { minMs: 50, maxMs: 500 }, downloadRetry: { minMs: 50, maxMs: 300 } },
      onEvent: (event) => events.push(event),
      ...options,
    });
    this.#devices.push(device);
    await device.start();
    const pairing = await until(`${name} to ask to be let in`, async () =>
      (await this.client.call('GET /pairings')).find((each) => each.serial === serial),
    );
    const { device: id } = await this.client.call('POST /pairings/{id}/approve', {
      params: { id: pairing.id },
      body: { name, areaId: null },
    });
    await until(`${name} to be heard`, async () => (await this.view(id)).rendered);
    return { id, device, condition, events };
  }

  view(id: string): Promise<BoardView> {
    return this.client.call('GET /boards/{id}', { params: { id } });
  }

  /** Until something holds of a board; fails with how it stands. */
  async when(
    id: string,
    what: string,
    holds: (view: BoardView) => boolean,
    patienceMs?: number,
  ): Promise<BoardView> {
    let last: BoardView | undefined;
    const look = async (): Promise<BoardView | null> => {
      last = await this.view(id);
      return holds(last) ? last : null;
    };
    return until(`the board to ${what}`, look, patienceMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(last)}`);
    });
  }

  notice(text: string, heading: string | null = null): Promise<Programme> {
    return this.client.call('POST /programmes', {
      body: { title: heading ?? text.slice(0, 60), notice: { heading, text } },
    });
  }

  composed(
    title: string,
    scene: BoardContent['scene'],
    format: BoardContent['format'] = null,
  ): Promise<Programme> {
    return this.client.call('POST /programmes', {
      body: { title, board: { scene, format, template: null, durationMs: 20_000 } },
    });
  }

  /** Until its pictures are made, or could not be. */
  async made(id: string): Promise<Programme> {
    return until('the programme to be made', async () => {
      const programme = await this.client.call('GET /programmes/{id}', { params: { id } });
      return programme.boardState === 'making' ? null : programme;
    });
  }

  publish(
    programmeId: string,
    boards: readonly string[],
    more: { untilMs?: number; priority?: 'priority' | 'scheduled' | 'background'; replace?: boolean } = {},
  ) {
    const { untilMs = 600_000, ...rest } = more;
    return this.client.call('POST /boards/publish', {
      body: {
        programmeId,
        targets: boards.map((id) => ({ kind: 'device' as const, id })),
        ...{ until: Date.now() + untilMs, acceptWarnings: true, ...rest },
      },
    });
  }

  /** A picture of the library: a square on a ground, ready to be used. */
  async picture(width: number, height: number, colour = '#c02020'): Promise<Visual> {
    const canvas = createCanvas(width, height);
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#ffffff';
    brush.fillRect(0, 0, width, height);
    brush.fillStyle = colour;
    brush.fillRect(width / 4, height / 4, width / 2, height / 2);
    const query = new URLSearchParams({ filename: 'hinh.png', alt: 'Một ô vuông' });
    const answer = await fetch(`${this.client.url}/api/v1/visuals?${query}`, {
      method: 'POST',
      headers: { cookie: this.client.cookie, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(await canvas.encode('png')),
    });
    if (!answer.ok) throw new ProblemError((await answer.json()) as Problem);
    const { id } = (await answer.json()) as Visual;
    return until('the picture to be ready', async () => {
      const visual = await this.client.call('GET /visuals/{id}', { params: { id } });
      return visual.state === 'ready' ? visual : null;
    });
  }
}

/** The problem that a call ends with. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error.problem;
  throw new Error(`expected a refusal, got ${String(error)}`);
}
