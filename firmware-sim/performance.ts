import type { AsRunRecord } from '#devices/as-run';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import type { Stretch } from '#devices/run-record';

export interface PerformanceObserver {
  /** A part begins to be heard or seen, at this moment, epoch ms; also one that goes on after an interruption. */
  began?(at: number): void;
  /** A stretch came to its end. */
  stretch(stretch: Stretch): void;
  /** Nothing more will come of this performance. */
  done(): void;
  /** Whether a part stays silent, or dark, in its place; whoever ordered it tells so. */
  leavesOut?(part: PlanPart): boolean;
}

/** One occurrence on the air, from some position in it. */
export interface Performance {
  /** Ends it at an instant, epoch ms, now or a little ahead; parts that never began are left without a stretch. */
  cut(at: number, end: AsRunRecord['end'], reason?: string): void;
  /** The stretch that is heard or seen now, as if the power went; null between parts. */
  now(): Stretch | null;
  /** Where several parts take turns: every stretch that has gone on since this was asked last. */
  open?(): readonly Stretch[];
}

/** What makes a device sound or light up. */
export interface Performer {
  start(): void | Promise<void>;
  stop(): Promise<void>;
  /** Gets the beginning of an occurrence ready, some seconds before it is due. */
  arm(occurrence: PlanOccurrence): void;
  /** @param at when position `fromMs` of the occurrence is to come out, epoch ms. */
  perform(occurrence: PlanOccurrence, fromMs: number, at: number, observer: PerformanceObserver): Performance;
  /** The occurrence is over for good. */
  release(occurrence: string): Promise<void>;
}

/**
 * A performer wants to know this much before, to hand its first samples to the hardware in time: longer than any
 * stall of the program. What is handed over can be taken back until the moment it leaves.
 */
export const COMMIT_AHEAD_MS = 2_000;
