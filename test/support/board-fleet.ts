import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from './process.ts';
import { seedDevices } from './seed.ts';
import { seedFleet } from './seed-fleet.ts';
import { until } from './until.ts';
import { Village } from './village.ts';

const PATIENCE_MS = 240_000;

/** When each board lit something, by its own word, and when the controller was told, ms after the press. */
export interface Lit {
  readonly pixels: readonly number[];
  readonly acknowledged: readonly number[];
}

export type BoardFleet = Awaited<ReturnType<typeof startBoardFleet>>;

/**
 * A controller and many boards of 192×96 on this machine: so many whole ones, which verify, keep, draw and prove as the
 * firmware does, and light ones for the rest, which check the scene in the message by its hash and answer when they would
 * begin to draw: a thousand whole ones would measure the simulator.
 */
export async function startBoardFleet(whole: number, light: number) {
  const all = whole + light;
  const village = await Village.start({
    prepare: async (data) => void (await seedDevices(data, all, 'board')),
  });
  const directory = await seedFleet(village, whole);
  const fleet = new Program('firmware-sim/fleet-main.js', [
    ...['--devices', String(whole), '--http', village.url, '--dir', directory, '--kind', 'board'],
  ]);
  const crowd = fork(
    new URL('./beating-crowd.ts', import.meta.url).pathname,
    [...[whole, light, village.mqttPort].map(String), 'board'],
    { execArgv: ['--import', 'tsx'] },
  );
  const stop = async (): Promise<void> => {
    crowd.kill();
    await fleet.stop();
    await village.stop();
  };
  try {
    await once(crowd, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
    await until(
      'every board to be online',
      async () => {
        const { counts } = await village.client.call('GET /devices', { query: { limit: 1 } });
        return (counts.online ?? 0) + (counts.fault ?? 0) === all;
      },
      PATIENCE_MS,
    );
    if (whole > 0) await fleet.line(new RegExp(`, ${whole} connected`), PATIENCE_MS);
  } catch (error) {
    console.error(fleet.lines.at(-1), fleet.errors.slice(-5));
    await stop();
    throw error;
  }
  return {
    village,
    all,
    stop,
    /** Asked once a second: what a page costs is not to be what is measured. */
    lit: async (broadcast: string, pressed: number, patienceMs: number): Promise<Lit> => {
      const end = Date.now() + patienceMs;
      for (;;) {
        await sleep(1_000);
        const { devices } = await village.client.call('GET /broadcasts/{id}', { params: { id: broadcast } });
        const told = devices.flatMap(({ startedAt, updatedAt }) =>
          startedAt === null ? [] : [{ pixels: startedAt - pressed, acknowledged: updatedAt - pressed }],
        );
        if (told.length < all && Date.now() < end) continue;
        if (told.length < all) {
          const others = devices.filter(({ startedAt }) => startedAt === null);
          console.error(others.length, [...new Set(others.map(({ state, reason }) => `${state} ${reason}`))]);
        }
        return {
          pixels: told.map(({ pixels }) => pixels),
          acknowledged: told.map(({ acknowledged }) => acknowledged),
        };
      }
    },
  };
}

/** The value that so large a share of all is not above; those that are not there are infinitely late. */
export function ranked(values: readonly number[], all: number): (share: number) => number {
  const sorted = [...values].sort((one, other) => one - other);
  return (share) => sorted[Math.ceil(all * share) - 1] ?? Number.POSITIVE_INFINITY;
}
