import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Capabilities } from '#devices/kind';
import { BootCount } from './boot-count.ts';
import { DeviceClock } from './clock.ts';
import { recollect } from './clock-memory.ts';
import { SkewedClock } from './clock-simulated.ts';
import { FaultPlayer } from './fault-player.ts';
import { Slots } from './firmware/slots.ts';
import { type Identity, loadIdentity } from './identity.ts';
import { type DeviceOptions, type FullOptions, withDefaults } from './options.ts';
import { PairedDevice } from './paired-device.ts';
import { keptPairing, type Pairing, pair } from './pairing.ts';
import { firstOn } from './pulled-plug.ts';
import { trustAuthority } from './trust.ts';
import { makeDirectory } from './whole-file.ts';

/**
 * One simulated device. `start` powers it up: it takes its identity from its directory (or makes one), pairs if
 * it must, and from then on plays by itself; `stop` powers it down. Many may live in one process.
 */
export class Device {
  readonly #options: FullOptions;
  #abort = new AbortController();
  #pairing: Promise<void> = Promise.resolve();
  #paired: PairedDevice | null = null;
  #firmware: Slots | null = null;
  #restarting: Promise<void> | null = null;
  #on = false;
  #faults: FaultPlayer | null = null;

  constructor(options: DeviceOptions) {
    this.#options = withDefaults(options);
  }

  /** Resolves when the device runs; pairing, if it must, goes on after that. */
  async start(): Promise<void> {
    this.#on = true;
    this.#faults ??= this.#faultPlayer();
    this.#faults?.start();
    await this.#powerUp();
  }

  /** Cleanly: what plays is told as ended by the power, presence goes offline, everything is on disk. */
  async stop(): Promise<void> {
    this.#on = false;
    await this.#restarting;
    this.#faults?.stop();
    await this.#powerDown();
  }

  #faultPlayer(): FaultPlayer | null {
    const { faults: script, dir, clock, amplifier, brake, panel, panelCondition, onEvent } = this.#options;
    if (script.length === 0) return null;
    return new FaultPlayer({
      ...{ script, dir, amplifier, brake, panel, panelCondition, since: firstOn() ?? Date.now() },
      stepClock: clock instanceof SkewedClock ? (ms) => clock.step(ms) : null,
      tell: (detail) => onEvent({ type: 'fault-made', detail }),
    });
  }

  /** As if the power had gone and come, by its own decision; on its way when this returns. */
  restart(): void {
    this.#restarting ??= this.#anew()
      .catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        this.#options.onEvent({ type: 'fault', what: 'start-failed', detail });
      })
      .finally(() => {
        this.#restarting = null;
      });
  }

  async #anew(): Promise<void> {
    await this.#powerDown();
    if (!this.#on) return;
    await this.#powerUp().catch(async () => {
      // A firmware on trial that does not even start: the next start runs the old one.
      await this.#powerDown();
      await this.#powerUp();
    });
  }

  async #powerUp(): Promise<void> {
    const options = this.#options;
    this.#abort = new AbortController();
    if (options.ca !== undefined) await trustAuthority(options.ca);
    await makeDirectory(options.dir);
    const defaultModel = options.kind === 'speaker' ? 'SIM Speaker 1' : 'SIM Board 1';
    this.#firmware = await Slots.boot(options.dir, options.firmware);
    const identity = await loadIdentity(options.dir, options, defaultModel);
    const boot = await BootCount.begin(options.dir);
    const clock = new DeviceClock(options.clock, await recollect(options.dir, options.clock));
    const kept = await keptPairing(options.dir);
    if (kept !== null) {
      await this.#operate(kept, identity, boot, clock);
      return;
    }
    options.onEvent({ type: 'pairing-code', code: identity.code });
    this.#pairing = this.#pair(identity, boot, clock).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      options.onEvent({ type: 'fault', what: 'start-failed', detail });
    });
  }

  async #powerDown(): Promise<void> {
    this.#abort.abort();
    await this.#pairing;
    await this.#paired?.stop();
    this.#paired = null;
  }

  /** Forgets its controller, as a technician's reset does; the key and the evidence stay. Only while stopped. */
  async unpair(): Promise<void> {
    await rm(join(this.#options.dir, 'pairing.json'), { force: true });
  }

  async #pair(identity: Identity, boot: BootCount, clock: DeviceClock): Promise<void> {
    const { http, dir, kind, pairRetryMs, onEvent } = this.#options;
    const answer = await pair(
      {
        http,
        dir,
        identity,
        kind,
        firmware: this.#firmware?.version ?? this.#options.firmware,
        capabilities: capabilitiesOf(this.#options),
        now: () => clock.now(),
        onRefused: () => onEvent({ type: 'pairing-refused' }),
        onTrouble: (detail) => onEvent({ type: 'fault', what: 'pairing-failed', detail }),
        retryMs: pairRetryMs,
      },
      this.#abort.signal,
    );
    if (answer === null || this.#abort.signal.aborted) return;
    onEvent({ type: 'paired', device: answer.device });
    await this.#operate(answer, identity, boot, clock);
  }

  async #operate(pairing: Pairing, identity: Identity, boot: BootCount, clock: DeviceClock): Promise<void> {
    if (this.#firmware === null) return;
    const paired = new PairedDevice({
      options: this.#options,
      capabilities: capabilitiesOf(this.#options),
      pairing,
      identity,
      boot: boot.number,
      bootCount: boot,
      clock,
      firmware: this.#firmware,
      restart: () => this.restart(),
    });
    this.#paired = paired;
    await paired.start();
  }
}

export function capabilitiesOf(options: FullOptions): Capabilities {
  const { kind, panel, matrix, lightSensor, codec, outputDelayMs, cacheBytes } = options;
  const cache = cacheBytes === undefined ? {} : { cacheBytes };
  if (kind === 'board') {
    const board = { panel: { ...panel, pitchMm: matrix.pitchMm }, display: 'led' as const };
    return { codecs: [], ...board, lightSensor: lightSensor !== null, outputDelayMs, ...cache };
  }
  // Who decodes Opus decodes it live as well; an old amplifier does not.
  if (codec === 'opus') return { codecs: ['opus', 'mp3'], outputDelayMs, live: true, ...cache };
  return { codecs: ['mp3'], outputDelayMs, ...cache };
}
