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
  readonly #zone: string;
  readonly #said = new Set<string>();

  /** @param from plays due since then. @param zone the wall clock to tell times by. */
  constructor(operator: Operator, from: number, zone: string) {
    this.#operator = operator;
    this.#from = from;
    this.#zone = zone;
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
      lines.push(describe(play, this.#zone));
    }
    return lines;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The wall clock of the site, to the millisecond. */
export function clockTime(at: number, zone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' }).format(at);
  return `${time}.${String(Math.floor(at) % 1_000).padStart(3, '0')}`;
}

function describe(play: z.infer<typeof Plays>['items'][number], zone: string): string {
  const what = `${play.title} · ${play.deviceName}`;
  if (play.firstSampleAt === null) return `${play.verdict}  ${what} · ${play.reason ?? 'no reason given'}`;
  const start = clockTime(play.firstSampleAt, zone);
  const off = Math.abs(play.latenessMs ?? 0).toFixed(1);
  const share = `${seconds(play.playedMs)} of ${seconds(play.dueMs)}`;
  return `played  ${what} · began ${start}, ${off} ms from its due time · ${share} · verdict ${play.verdict}`;
}
