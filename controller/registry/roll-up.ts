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

/** A whole heartbeat, and how often it was said after it that nothing had changed. */
export interface Stretch {
  readonly beat: Heartbeat;
  readonly repeats: number;
}

/**
 * Averages are over the beats that measured the thing, not over all beats. What a short heartbeat repeats counts as
 * measured again: it was compared, and found to be the same.
 */
export function rollUp(stretches: readonly Stretch[]): QuarterHour {
  const beats = stretches.map(({ beat }) => beat);
  const counted = (holds: (beat: Heartbeat) => boolean): number =>
    stretches.reduce((sum, { beat, repeats }) => (holds(beat) ? sum + 1 + repeats : sum), 0);
  const average = (value: (beat: Heartbeat) => number | undefined): number | null => {
    let sum = 0;
    for (const { beat, repeats } of stretches) sum += (value(beat) ?? 0) * (1 + repeats);
    const count = counted((beat) => value(beat) !== undefined);
    return count === 0 ? null : sum / count;
  };
  const temperature = measured(beats.map(({ temperatureC }) => temperatureC));
  const mains = measured(beats.map(({ mainsV }) => mainsV));
  const signal = measured(beats.map(({ signalDbm }) => signalDbm));
  const free = measured(beats.map(({ storage }) => storage?.freeBytes));
  return {
    beats: counted(() => true),
    clock_error_max: highest(measured(beats.map(({ clock }) => (clock.synced ? clock.errorMs : undefined)))),
    temperature_min: lowest(temperature),
    temperature_avg: average(({ temperatureC }) => temperatureC),
    temperature_max: highest(temperature),
    mains_min: lowest(mains),
    mains_max: highest(mains),
    signal_min: lowest(signal),
    signal_avg: average(({ signalDbm }) => signalDbm),
    storage_free_min: lowest(free),
    outbox_max: highest(beats.map(({ outbox }) => outbox)),
    playing_beats: counted(({ playing }) => playing !== null),
    fault_beats: counted(({ faults }) => faults.length > 0),
  };
}

const measured = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value) => value !== undefined);
const lowest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((one, other) => Math.min(one, other));
const highest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((one, other) => Math.max(one, other));
