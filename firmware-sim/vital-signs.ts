import type { z } from 'zod';
import type { Settings } from '#devices/kind';
import type { BoardReport, Heartbeat } from '#devices/messages/heartbeat';
import { volumeAt } from '#devices/volume';
import type { DeviceClock } from './clock.ts';
import type { Conductor } from './conductor.ts';
import type { DesiredState } from './desired-state.ts';
import type { Faults } from './faults.ts';
import { storageOf } from './heartbeat.ts';
import type { FullOptions } from './options.ts';
import type { Outbox } from './outbox.ts';
import type { PlanKeeper } from './plan-keeper.ts';
import { surroundingsOf } from './surroundings.ts';

export interface Body {
  readonly device: string;
  readonly options: FullOptions;
  readonly clock: DeviceClock;
  readonly state: DesiredState;
  readonly settings: Settings;
  readonly keeper: PlanKeeper;
  readonly conductor: Conductor;
  /** Of a board: its panel, and how bright it is; null for what has none. */
  readonly panel: { readonly report: BoardReport; readonly brightness: number } | null;
  readonly outbox: Outbox;
  readonly faults: Faults;
  /** Of the monotonic clock, ms. */
  readonly bornAt: number;
}

/** The device's account of itself, from what is really so. */
export async function vitalSigns(body: Body, session: string): Promise<z.infer<typeof Heartbeat>> {
  const { device, options, clock, state, settings, keeper, conductor, outbox, faults, bornAt, panel } = body;
  const storage = await storageOf(options.dir);
  const { fetching, version } = keeper;
  const stored = keeper.stored;
  const { muted, outputDelayMs } = settings;
  // The sensor is read before what it read is told.
  const brightness = panel?.brightness;
  const at = clock.now();
  const known = faults.list();
  return {
    v: 1,
    session,
    at: Math.round(at),
    uptimeS: Math.round((clock.base.monotonicMs() - bornAt) / 1000),
    clock: {
      synced: clock.synced,
      offsetMs: rounded(clock.wallOffsetMs),
      errorMs: rounded(clock.errorMs),
      ...(clock.driftPpm === null ? {} : { driftPpm: rounded(clock.driftPpm) }),
    },
    desiredRevision: state.revision,
    plan: version,
    ...(fetching === undefined ? {} : { fetching }),
    ...(stored === undefined ? {} : { stored }),
    playing: conductor.onAir(),
    ...(panel === null
      ? { volume: volumeAt(settings, at), muted, outputDelayMs }
      : { brightness, board: panel.report }),
    ...(storage === undefined ? {} : { storage }),
    outbox: outbox.size,
    ...surroundingsOf(device, at),
    faults: clock.synced ? known : ['clock-unsynced', ...known].slice(0, 16),
  };
}

/** Hundredths of a millisecond are more than the clock knows, and bytes cost. */
const rounded = (ms: number): number => Math.round(ms * 100) / 100;
