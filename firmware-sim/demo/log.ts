import { z } from 'zod';
import type { Operator } from './operator.ts';

const Plays = z.object({
  items: z.array(
    z.object({
      occurrence: z.string(),
      deviceId: z.string(),
      deviceName: z.string(),
      title: z.string(),
      verdict: z.string(),
      reason: z.string().nullable(),
      firstSampleAt: z.number().nullable(),
      latenessMs: z.number().nullable(),
      playedMs: z.number(),
      dueMs: z.number(),
    }),
  ),
});

/** Follows the playback log, and gives each play as a line once the device has proven it. */
export class LogFollower {
  readonly #operator: Operator;
  readonly #from: number;
  readonly #said = new Set<string>();

  constructor(operator: Operator, from: number) {
    this.#operator = operator;
    this.#from = from;
  }

  /** What became known since the last call. */
  async news(): Promise<string[]> {
    const query = new URLSearchParams({
      from: String(this.#from),
      to: String(Date.now() + 3_600_000),
      limit: '500',
    });
    const { items } = await this.#operator.get(`/plays?${query}`, Plays);
    const lines: string[] = [];
    for (const play of items) {
      const key = `${play.occurrence} ${play.deviceId} ${play.verdict}`;
      if (play.verdict === 'pending' || this.#said.has(key)) continue;
      this.#said.add(key);
      lines.push(describe(play));
    }
    return lines;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function describe(play: z.infer<typeof Plays>['items'][number]): string {
  const what = `${play.title} · ${play.deviceName}`;
  if (play.firstSampleAt === null) return `${play.verdict}  ${what} · ${play.reason ?? 'no reason given'}`;
  const start = new Date(play.firstSampleAt).toISOString();
  const late = play.latenessMs === null ? '' : ` (${play.latenessMs.toFixed(1)} ms after it was due)`;
  return `played  ${what} · first sample ${start}${late} · ${seconds(play.playedMs)} of ${seconds(play.dueMs)} · ${play.verdict}`;
}
