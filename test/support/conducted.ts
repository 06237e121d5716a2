import { vi } from 'vitest';
import type { Guards } from '#devices/guards';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import type { Stretch } from '#devices/run-record';
import { DeviceClock } from '#firmware-sim/clock';
import { Conductor } from '#firmware-sim/conductor';
import type { Performance, PerformanceObserver, Performer } from '#firmware-sim/performance';
import { planOf } from './fake-plan.ts';

/** When the conducted devices' world begins, epoch ms; set the fake clock to it. */
export const START = 1_795_400_000_000;
const BOOTED = START - 3_600_000;

/** A stretch of sound, as a listener under the pole would note it. */
export interface Heard {
  readonly id: string;
  readonly part: number;
  readonly from: number;
  readonly to: number;
  readonly end: Stretch['end'];
}

/** A perfect amplifier: what it is told to play sounds exactly then, part after part. */
class PerfectPerformer implements Performer {
  readonly heard: Heard[] = [];

  start(): void {}
  stop(): Promise<void> {
    return Promise.resolve();
  }
  arm(): void {}
  release(): Promise<void> {
    return Promise.resolve();
  }

  perform(what: PlanOccurrence, fromMs: number, at: number, observer: PerformanceObserver): Performance {
    const zero = at - fromMs;
    // What it is told too late is heard from further in, in step.
    const toldAt = Date.now();
    let cut: { at: number; end: Stretch['end'] } | null = null;
    const timers: NodeJS.Timeout[] = [];
    // Timers count whole milliseconds: one may fire a hair before the end that it tells, and a cut come just then.
    const told = new Set<number>();
    const tell = (partIndex: number, from: number, to: number, end: Stretch['end']): void => {
      told.add(partIndex);
      this.heard.push({ id: what.id, part: partIndex, from, to, end });
      const clock = { clockErrorMs: 0, clockSynced: true };
      observer.stretch({ partIndex, startedAt: from, endedAt: to, playedMs: to - from, end, ...clock });
    };
    const arrange = (): void => {
      for (const timer of timers.splice(0)) clearTimeout(timer);
      const until = cut?.at ?? Number.POSITIVE_INFINITY;
      let last = Date.now();
      for (const [index, part] of what.parts.entries()) {
        const { offsetMs, durationMs } = part;
        const from = Math.max(zero + Math.max(offsetMs, fromMs), toldAt);
        const natural = zero + offsetMs + durationMs;
        const leftOut = observer.leavesOut?.(part) === true;
        const over = told.has(index) || natural <= Date.now() || leftOut;
        if (offsetMs + durationMs <= fromMs || from >= until || over) continue;
        const to = Math.min(natural, until);
        const end = cut !== null && until < natural ? cut.end : 'completed';
        timers.push(setTimeout(() => tell(index, from, to, end), Math.max(0, to - Date.now())));
        last = Math.max(last, to);
      }
      timers.push(setTimeout(() => observer.done(), Math.max(0, last - Date.now())));
    };
    arrange();
    return {
      now: () => null,
      cut: (when, end) => {
        if (cut !== null && cut.at <= when) return;
        cut = { at: when, end };
        arrange();
      },
    };
  }
}

/**
 * A device's conductor with a perfect amplifier, from {@link START} for so long of a fake time that is turned by hand.
 * @returns what was heard, and what was told of each occurrence in the end.
 */
export async function conduct(
  occurrences: PlanOccurrence[],
  untilMs: number,
  act?: (conductor: Conductor) => void,
  guards?: Guards,
) {
  const performer = new PerfectPerformer();
  const settled = new Map<string, { occurrence: PlanOccurrence; reason: string; reasons: string[] }>();
  const book = {
    isSettled: (id: string) => settled.has(id),
    stretch: () => undefined,
    settle: (what: PlanOccurrence, reason: string, why: (part: PlanPart) => string | null) => {
      if (settled.has(what.id)) throw new Error(`${what.id} is settled twice`);
      const reasons = what.parts.map((part) => why(part) ?? reason);
      settled.set(what.id, { occurrence: what, reason, reasons });
    },
    mark: () => undefined,
    written: () => Promise.resolve(),
  };
  const clock = new DeviceClock({ monotonicMs: () => Date.now() - START, wallMs: () => Date.now() });
  const verify = () => Promise.resolve();
  const onAirChanged = () => undefined;
  const conductor = new Conductor({
    clock,
    performer,
    book,
    armAheadMs: 5_000,
    verify,
    onAirChanged,
    ...(guards === undefined ? {} : { guards: () => guards }),
    // Nothing is cut here; the marks would only cost time.
    markMs: 3_600_000,
  });
  conductor.adopt(planOf(occurrences, new Map()), BOOTED);
  conductor.start();
  act?.(conductor);
  await vi.advanceTimersByTimeAsync(untilMs);
  await conductor.stop();
  return { heard: performer.heard, settled };
}
