import type { z } from 'zod';
import type { Settings } from '#devices/kind';
import type { Heartbeat } from '#devices/messages/heartbeat';
import type { DeviceClock } from './clock.ts';
import type { Conductor } from './conductor.ts';
import type { DesiredState } from './desired-state.ts';
import type { Faults } from './faults.ts';
import { storageOf } from './heartbeat.ts';
import type { FullOptions } from './options.ts';
import type { Outbox } from './outbox.ts';
import type { PlanKeeper } from './plan-keeper.ts';

export interface Body {
  readonly options: FullOptions;
  readonly clock: DeviceClock;
  readonly state: DesiredState;
  readonly settings: Settings;
  readonly keeper: PlanKeeper;
  readonly conductor: Conductor;
  readonly outbox: Outbox;
  readonly faults: Faults;
  /** Of the monotonic clock, ms. */
  readonly bornAt: number;
}

/** The device's account of itself, from what is really so. */
export async function vitalSigns(body: Body, session: string): Promise<z.infer<typeof Heartbeat>> {
  const { options, clock, state, settings, keeper, conductor, outbox, faults, bornAt } = body;
  const storage = await storageOf(options.dir);
  const { fetching, version } = keeper;
  const { volume, muted, brightness } = settings;
  const known = faults.list();
  return {
    v: 1,
    session,
    at: clock.now(),
    uptimeS: (clock.base.monotonicMs() - bornAt) / 1000,
    clock: { synced: clock.synced, offsetMs: clock.wallOffsetMs, errorMs: clock.errorMs },
    desiredRevision: state.revision,
    plan: version,
    ...(fetching === undefined ? {} : { fetching }),
    playing: conductor.onAir(),
    ...(options.kind === 'speaker' ? { volume, muted } : { brightness }),
    ...(storage === undefined ? {} : { storage }),
    outbox: outbox.size,
    faults: clock.synced ? known : ['clock-unsynced', ...known].slice(0, 16),
  };
}
