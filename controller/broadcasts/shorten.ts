import type { Broadcast } from '#devices/broadcast';
import type { Store } from '../database/open.ts';
import { shortenPlays } from './plays.ts';
import { type Run, saveRun } from './run.ts';

/**
 * What was sent is shorter than what was announced: from now on that is due, for every device and in the log. What was
 * entered for the devices must stand there.
 * @param endAt when the last sample is heard, epoch ms.
 */
export function shortenRun(store: Store, run: Run, t0: number, endAt: number): void {
  run.durationMs = Math.max(1, Math.min(run.durationMs, endAt - t0));
  run.body = shortened(run.body, t0, run.durationMs);
  saveRun(store, run, null);
  shortenPlays(store, run.body, t0);
}

function shortened(body: Broadcast, t0: number, durationMs: number): Broadcast {
  const parts = body.parts
    .filter(({ offsetMs }, index) => index === 0 || offsetMs < durationMs)
    .map((part) => ({
      ...part,
      durationMs: Math.max(1, Math.min(part.durationMs, durationMs - part.offsetMs)),
    }));
  return { ...body, parts, notAfter: Math.ceil(t0 + durationMs) };
}
