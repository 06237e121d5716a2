import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Device } from '#firmware-sim/device';
import type { DeviceEvent } from '#firmware-sim/events';
import type { DeviceOptions } from '#firmware-sim/options';
import { FakeController, until } from './fake-controller.ts';

/** One device and a controller that is only the contract, on a bench of their own. */
export class DeviceBench {
  readonly controller = new FakeController();
  readonly events: DeviceEvent[] = [];
  dir = '';
  device: Device | null = null;

  static async open(): Promise<DeviceBench> {
    const bench = new DeviceBench();
    await bench.controller.start();
    bench.dir = await mkdtemp(join(tmpdir(), 'loa-device-'));
    return bench;
  }

  async close(): Promise<void> {
    await this.device?.stop();
    await this.controller.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Switches the device on, the same one after {@link DeviceBench.off}. */
  async on(more: Partial<DeviceOptions> = {}): Promise<void> {
    this.device = new Device({
      kind: 'speaker',
      http: this.controller.url,
      dir: this.dir,
      wav: true,
      heartbeatMs: 300,
      pairRetryMs: 50,
      reconnect: { minMs: 50, maxMs: 300 },
      downloadRetry: { minMs: 50, maxMs: 300 },
      onEvent: (event) => this.events.push(event),
      ...more,
    });
    await this.device.start();
  }

  async off(): Promise<void> {
    await this.device?.stop();
    this.device = null;
  }

  /** Until the device has said who it is, after as many births as there were. */
  async born(before = 0): Promise<void> {
    await until('the device is born', () => this.controller.births().length > before);
  }

  async ready(id: string): Promise<void> {
    await until('the plan is ready', () =>
      this.controller.acks().some((ack) => ack.id === id && ack.state === 'ready'),
    );
  }

  async rejected(id: string | null): Promise<string | undefined> {
    const ack = await until('the refusal is told', () =>
      this.controller.acks().find((one) => one.id === id && one.state === 'rejected'),
    );
    return ack.reason;
  }

  recordOf(occurrence: string, index = 0) {
    return [...this.controller.records.values()].find(
      (record) => record.occurrence === occurrence && record.part.index === index,
    );
  }

  recordsOf(occurrence: string) {
    return [...this.controller.records.values()]
      .filter((record) => record.occurrence === occurrence)
      .sort((one, other) => one.boot - other.boot || one.seq - other.seq);
  }

  wav(occurrence: string): string {
    return join(this.dir, 'wav', `${occurrence}.wav`);
  }
}
