import type { Run } from './run.ts';

/** A timer does not count further than 24 days; who is woken too early looks at the clock and goes back to sleep. */
const LONGEST_MS = 86_400_000;

/** Wakes a broadcast at a moment; each has one alarm, and a new one takes the place of the last. */
export function setAlarm(run: Run, at: number, now: number, ring: () => void): void {
  if (run.timer?.at === at) return;
  clearAlarm(run);
  const handle = setTimeout(
    () => {
      run.timer = null;
      ring();
    },
    Math.min(LONGEST_MS, Math.max(0, at - now)),
  );
  run.timer = { at, handle };
}

export function clearAlarm(run: Run): void {
  if (run.timer !== null) clearTimeout(run.timer.handle);
  run.timer = null;
}
