import type { Heartbeat } from '#devices/messages/heartbeat';

export const QUARTER_MS = 15 * 60_000;

/** The start of the quarter-hour that a moment lies in. Quarters are of UTC, which every zone in use shares. */
export const quarterOf = (at: number): number => Math.floor(at / QUARTER_MS) * QUARTER_MS;

/** A quarter-hour of one device; null is what no beat of it measured. */
export interface QuarterHour {
  readonly beats: number;
  readonly clock_error_max: number | null;
  readonly temperature_min: number | null;
  readonly temperature_avg: number | null;
  readonly temperature_max: number | null;
  readonly mains_min: number | null;
  readonly mains_max: number | null;
  readonly signal_min: number | null;
  readonly signal_avg: number | null;
  readonly storage_free_min: number | null;
  readonly outbox_max: number | null;
  readonly playing_beats: number;
  readonly fault_beats: number;
}

/** Averages are over the beats that measured the thing, not over all beats. */
export function rollUp(beats: readonly Heartbeat[]): QuarterHour {
  const temperature = measured(beats.map(({ temperatureC }) => temperatureC));
  const mains = measured(beats.map(({ mainsV }) => mainsV));
  const signal = measured(beats.map(({ signalDbm }) => signalDbm));
  const free = measured(beats.map(({ storage }) => storage?.freeBytes));
  return {
    beats: beats.length,
    clock_error_max: highest(measured(beats.map(({ clock }) => (clock.synced ? clock.errorMs : undefined)))),
    temperature_min: lowest(temperature),
    temperature_avg: average(temperature),
    temperature_max: highest(temperature),
    mains_min: lowest(mains),
    mains_max: highest(mains),
    signal_min: lowest(signal),
    signal_avg: average(signal),
    storage_free_min: lowest(free),
    outbox_max: highest(beats.map(({ outbox }) => outbox)),
    playing_beats: beats.filter(({ playing }) => playing !== null).length,
    fault_beats: beats.filter(({ faults }) => faults.length > 0).length,
  };
}

const measured = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value) => value !== undefined);
const lowest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((one, other) => Math.min(one, other));
const highest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((one, other) => Math.max(one, other));
const average = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
