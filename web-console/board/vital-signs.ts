import type { DeviceClock } from '#devices/device-clock';
import type { BoardReport, Heartbeat } from '#devices/messages/heartbeat';

export interface Body {
  readonly session: string;
  readonly clock: DeviceClock;
  readonly desiredRevision: number;
  readonly plan: Heartbeat['plan'];
  readonly fetching: Heartbeat['fetching'];
  readonly stored: Heartbeat['stored'];
  readonly playing: Heartbeat['playing'];
  readonly brightness: number;
  readonly board: BoardReport;
  readonly outbox: number;
  readonly faults: readonly string[];
  /** Of the monotonic clock, ms. */
  readonly bornAt: number;
}

/** The screen's account of itself, from what is really so. */
export async function vitalSigns(body: Body): Promise<Heartbeat> {
  const { session, clock, desiredRevision, plan, fetching, stored, playing, brightness, board, outbox } =
    body;
  const storage = await storageHere();
  const known = clock.synced ? body.faults : ['clock-unsynced', ...body.faults];
  return {
    ...{
      v: 1,
      session,
      at: Math.round(clock.now()),
      desiredRevision,
      plan,
      playing,
      brightness,
      board,
      outbox,
    },
    uptimeS: Math.round((clock.base.monotonicMs() - body.bornAt) / 1_000),
    clock: {
      synced: clock.synced,
      offsetMs: rounded(clock.wallOffsetMs),
      errorMs: rounded(clock.errorMs),
      ...(clock.driftPpm === null ? {} : { driftPpm: within(rounded(clock.driftPpm)) }),
    },
    ...(fetching === undefined ? {} : { fetching }),
    ...(stored === undefined ? {} : { stored }),
    ...(storage === null ? {} : { storage }),
    faults: known.slice(0, 16),
  };
}

/** What the browser gives this page, and what of it is left; null when it does not say. */
async function storageHere(): Promise<{ totalBytes: number; freeBytes: number } | null> {
  const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  if (quota === undefined || usage === undefined) return null;
  return { totalBytes: quota, freeBytes: Math.max(0, quota - usage) };
}

/** Hundredths of a millisecond are more than the clock knows, and bytes cost. */
const rounded = (ms: number): number => Math.round(ms * 100) / 100;
const within = (ppm: number): number => Math.max(-1_000, Math.min(1_000, ppm));
