import { join } from 'node:path';
import type { DeviceKind } from '#devices/kind';
import { pause } from './backoff.ts';
import { systemClock } from './clock.ts';
import { skewedClock } from './clock-simulated.ts';
import { Device } from './device.ts';
import type { DeviceEvent } from './events.ts';
import { admitAll } from './fleet-admission.ts';

export interface FleetOptions {
  readonly devices: number;
  readonly http: string;
  /** Each device has a directory of its own in here. */
  readonly dir: string;
  readonly kind?: DeviceKind | undefined;
  /** `silent` (the default) yields the right number of samples without decoding; `ffmpeg` really decodes. */
  readonly decoder?: 'ffmpeg' | 'silent' | undefined;
  readonly heartbeatMs?: number | undefined;
  /** An administrator's account, by which the fleet lets itself in. Without it somebody else must. */
  readonly approve?: { readonly user: string; readonly password: string } | undefined;
  readonly onEvent?: ((device: number, event: DeviceEvent) => void) | undefined;
  /** The start is spread over this time, so that a thousand handshakes do not come in one second. */
  readonly startOverMs?: number | undefined;
}

/** What a fleet is doing, in figures. */
export interface FleetFigures {
  paired: number;
  connected: number;
  planned: number;
  played: number;
  missed: number;
  refused: number;
  faults: number;
  /** The largest distance of a first sample from its due time so far, ms. */
  worstStartMs: number;
}

/** Many devices in one process: the same code as one, each with its own identity, cache, clock error and outbox. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #devices: Device[];
  readonly #states: { paired: boolean; connected: boolean; planned: boolean; code: string | null }[];
  readonly #counts = { played: 0, missed: 0, refused: 0, faults: 0, worstStartMs: 0 };
  #abort = new AbortController();
  #admission: Promise<void> = Promise.resolve();

  constructor(options: FleetOptions) {
    this.#options = options;
    const indexes = Array.from({ length: options.devices }, (_, index) => index);
    this.#states = indexes.map(() => ({ paired: false, connected: false, planned: false, code: null }));
    this.#devices = indexes.map((index) => this.#device(index));
  }

  get figures(): FleetFigures {
    const count = (is: 'paired' | 'connected' | 'planned'): number =>
      this.#states.filter((state) => state[is]).length;
    return {
      paired: count('paired'),
      connected: count('connected'),
      planned: count('planned'),
      ...this.#counts,
    };
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const { approve, http, startOverMs } = this.#options;
    const gapMs = (startOverMs ?? this.#devices.length * 10) / Math.max(1, this.#devices.length);
    if (approve !== undefined) {
      this.#admission = admitAll(http, approve, () => this.#waitingCodes(), signal).catch(
        (error: unknown) => {
          if (!signal.aborted) throw error;
        },
      );
    }
    const starting = (async () => {
      for (const device of this.#devices) {
        if (signal.aborted) return;
        await device.start();
        await pause(gapMs, signal);
      }
    })();
    await Promise.all([starting, this.#admission]);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#devices.map((device) => device.stop()));
  }

  /** Code by device, of those still waiting to be let in; null when all are in. */
  #waitingCodes(): ReadonlyMap<string, string> | null {
    if (this.#states.every((state) => state.paired)) return null;
    const waiting = new Map<string, string>();
    for (const [index, { code, paired }] of this.#states.entries()) {
      if (code !== null && !paired) waiting.set(code, nameOf(index));
    }
    return waiting;
  }

  #device(index: number): Device {
    const { http, dir, kind, decoder, heartbeatMs } = this.#options;
    return new Device({
      kind: kind ?? 'speaker',
      http,
      dir: join(dir, nameOf(index)),
      decoder: decoder ?? 'silent',
      heartbeatMs,
      pairRetryMs: 5_000,
      // Real crystals differ; the same ones at every start.
      clock: skewedClock(systemClock, { driftPpm: ((index * 37) % 101) - 50 }),
      onEvent: (event) => this.#heard(index, event),
    });
  }

  #heard(index: number, event: DeviceEvent): void {
    const state = this.#states[index];
    if (state === undefined) return;
    if (event.type === 'pairing-code') state.code = event.code;
    if (event.type === 'paired' || event.type === 'connected') state.paired = true;
    if (event.type === 'connected') state.connected = true;
    if (event.type === 'disconnected') state.connected = false;
    if (event.type === 'plan') state.planned = event.occurrences > 0;
    if (event.type === 'refused') this.#counts.refused += 1;
    if (event.type === 'fault') this.#counts.faults += 1;
    if (event.type === 'record') {
      const { startedAt, dueAt, playedMs, dueMs } = event.record;
      if (startedAt === null) this.#counts.missed += 1;
      else this.#counts.played += 1;
      if (startedAt !== null && playedMs >= dueMs - 250) {
        this.#counts.worstStartMs = Math.max(this.#counts.worstStartMs, Math.abs(startedAt - dueAt));
      }
    }
    this.#options.onEvent?.(index, event);
  }
}

const nameOf = (index: number): string => `device-${String(index + 1).padStart(4, '0')}`;
