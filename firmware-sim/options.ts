import type { Codec, DeviceKind } from '#devices/kind';
import { HEARTBEAT_INTERVAL_MS } from '#devices/messages/heartbeat';
import { Amplifier } from './amplifier.ts';
import type { PageTurn } from './board/board-desk.ts';
import { type LightSensor, SkySensor } from './board/light-sensor.ts';
import { PanelCondition } from './board/panel-condition.ts';
import { type BaseClock, systemClock } from './clock.ts';
import { skewedClock } from './clock-simulated.ts';
import type { Tell } from './events.ts';
import type { FaultScript } from './fault-script.ts';
import { Microphone } from './microphone.ts';
import type { Output } from './speaker/output.ts';
import { DecoderBrake } from './speaker/slow-decoder.ts';

/** How a simulated device is made. What is left out has the default that a real one would have. */
export interface DeviceOptions {
  readonly kind: DeviceKind;
  /** Root of the controller's HTTP interface, such as `http://127.0.0.1:8080`; needed for pairing. */
  readonly http: string;
  /** Where the device keeps everything it must not forget. One device per directory. */
  readonly dir: string;
  readonly serial?: string | undefined;
  readonly model?: string | undefined;
  readonly code?: string | undefined;
  readonly panel?: { readonly width: number; readonly height: number } | undefined;
  /** How its LEDs are made; left out: 5 mm apart, 1/16 scan, 64 steps of brightness. */
  readonly matrix?:
    | { readonly pitchMm?: number; readonly scan?: number; readonly levels?: number }
    | undefined;
  /** What is wrong with the panel; its switches are for whoever breaks it on purpose. */
  readonly panelCondition?: PanelCondition | undefined;
  /** Null for a model without one, as in fleets. */
  readonly lightSensor?: LightSensor | null | undefined;
  /** For measuring: a page turned. */
  readonly onPageTurn?: ((turn: PageTurn) => void) | undefined;
  readonly codec?: Codec | undefined;
  /** Keep what came out of the speaker as `wav/<occurrence>.wav`. */
  readonly wav?: boolean | undefined;
  readonly heartbeatMs?: number | undefined;
  /** A certificate of an authority, PEM, to be trusted beside the well-known ones. */
  readonly ca?: string | undefined;
  readonly ffmpeg?: string | undefined;
  /** `silent` yields samples without decoding, for fleets. */
  readonly decoder?: 'ffmpeg' | 'silent' | undefined;
  readonly clock?: BaseClock | undefined;
  /** What stands behind the simulated sound card; its switches are for whoever breaks it on purpose. */
  readonly amplifier?: Amplifier | undefined;
  /** Beside the horn; null for a model without one. Fleets that do not decode have none. */
  readonly microphone?: Microphone | null | undefined;
  /** The maker's measure of the time from handing a sample over to hearing it, ms. */
  readonly outputDelayMs?: number | undefined;
  /** A speaker's real sound card or command; left out: a simulated card. */
  readonly output?: Output | undefined;
  /** How much the simulated sound card's crystal runs fast, by the device's own clock. */
  readonly cardPpm?: number | undefined;
  /** For test rigs: a file to write down what really left the card; the device never reads it. */
  readonly truth?: string | undefined;
  /** The share of the disk that files may fill which no plan needs any more; left out: they go at once. */
  readonly cacheBytes?: number | undefined;
  /** What goes wrong with it, and when. */
  readonly faults?: FaultScript | undefined;
  readonly pairRetryMs?: number | undefined;
  readonly reconnect?: { readonly minMs: number; readonly maxMs: number } | undefined;
  readonly downloadRetry?: { readonly minMs: number; readonly maxMs: number } | undefined;
  /** How long a device waits for the controller's time before it trusts its own. */
  readonly clockPatienceMs?: number | undefined;
  /** The version that it left the factory with. */
  readonly firmware?: string | undefined;
  /** How long a new firmware has to prove itself, and how long it must be quiet for a restart into it. */
  readonly firmwareTrialMs?: number | undefined;
  readonly firmwareQuietMs?: number | undefined;
  /** A fault on purpose: these versions never become healthy. */
  readonly unhealthyFirmware?: readonly string[] | undefined;
  readonly onEvent?: Tell | undefined;
}

/** What a new device runs. */
export const FIRMWARE = '0.1.0';

/** The same with every default filled in. */
export const withDefaults = (options: DeviceOptions) => ({
  kind: options.kind,
  http: rootOf(options.http),
  dir: options.dir,
  serial: options.serial,
  model: options.model,
  code: options.code,
  panel: options.panel ?? { width: 192, height: 96 },
  matrix: { pitchMm: 5, scan: 16, levels: 64, ...options.matrix },
  panelCondition: options.panelCondition ?? new PanelCondition(),
  lightSensor: sensorOf(options),
  onPageTurn: options.onPageTurn ?? null,
  codec: options.codec ?? ('opus' as const),
  wav: options.wav ?? false,
  heartbeatMs: options.heartbeatMs ?? HEARTBEAT_INTERVAL_MS,
  ca: options.ca,
  ffmpeg: options.ffmpeg,
  decoder: options.decoder ?? ('ffmpeg' as const),
  clock: options.clock ?? clockFor(options.faults ?? []),
  amplifier: options.amplifier ?? new Amplifier(),
  microphone: microphoneOf(options),
  outputDelayMs: options.outputDelayMs ?? 0,
  output: options.output ?? ({ to: 'nowhere' } as const),
  cardPpm: options.cardPpm ?? 0,
  truth: options.truth,
  cacheBytes: options.cacheBytes,
  faults: options.faults ?? [],
  brake: new DecoderBrake(),
  pairRetryMs: options.pairRetryMs ?? 3_000,
  reconnect: options.reconnect ?? { minMs: 1_000, maxMs: 30_000 },
  downloadRetry: options.downloadRetry ?? { minMs: 1_000, maxMs: 60_000 },
  clockPatienceMs: options.clockPatienceMs ?? 3_000,
  firmware: options.firmware ?? FIRMWARE,
  firmwareTrialMs: options.firmwareTrialMs ?? 300_000,
  firmwareQuietMs: options.firmwareQuietMs ?? 75_000,
  unhealthyFirmware: options.unhealthyFirmware ?? [],
  onEvent: options.onEvent ?? (() => undefined),
});
export type FullOptions = ReturnType<typeof withDefaults>;

/** The machine's own, unless the script sets it: the machine's cannot be set. */
const clockFor = (faults: FaultScript): BaseClock =>
  faults.some(({ type }) => type === 'clock-step') ? skewedClock(systemClock, {}) : systemClock;

const microphoneOf = ({ decoder, microphone, output }: DeviceOptions): Microphone | null => {
  if (microphone !== undefined) return microphone;
  // What leaves through real hardware is not heard by a simulated microphone.
  return decoder === 'silent' || output !== undefined ? null : new Microphone();
};

const sensorOf = ({ decoder, lightSensor }: DeviceOptions): LightSensor | null =>
  lightSensor === undefined && decoder !== 'silent' ? new SkySensor() : (lightSensor ?? null);

/** Without the slash at the end, and without the interface's own path, should somebody give it. */
export const rootOf = (http: string): string => http.replace(/\/+$/, '').replace(/\/device\/v1$/, '');
