import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../support/process.ts';
import { processorSeconds } from '../support/processor.ts';
import { programmeOf, scheduleOnceAt, secondsFromNow, uploadReady } from '../support/schedule.ts';
import { seedDevices } from '../support/seed.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

/** How the cost grows: `LOA_BENCH_FLEETS=1000,2500` asks for others. Ten thousand are what a province has. */
const SIZES = (process.env.LOA_BENCH_FLEETS ?? '1000,2500,5000,10000').split(',').map(Number);
const PATIENCE_MS = 600_000;

/** Whole fleets on one controller: connect, sync the plan, beat, play, report, and come back after the broker was gone. */
export default async function fleets(report: Report): Promise<void> {
  for (const size of SIZES) await fleetOf(size, report);
}

async function fleetOf(size: number, report: Report): Promise<void> {
  const village = await Village.start({ prepare: async (data) => void (await seedDevices(data, size)) });
  const directory = await seedFleet(village, size);
  const { client } = village;
  const meter = new Meter(village);
  const row = (name: string, figure: number, unit: string, limit: number | null = null): void =>
    report({
      name: `${size} devices: ${name}`,
      figure,
      unit,
      limit,
      ok: limit === null || figure <= limit,
    });
  const source = path.join(village.directory, 'source.wav');
  await speakTo(source, 'Bản tin ngắn của phường Phù Vân.');
  const programme = await programmeOf(client, await uploadReady(client, source, 'source.wav'), 'Bản tin');
  const fleet = new Program('firmware-sim/fleet-main.js', [
    ...['--devices', String(size), '--http', village.url, '--dir', directory],
  ]);
  const online = async (): Promise<boolean> =>
    ((await client.call('GET /devices', { query: { limit: 1 } })).counts.online ?? 0) === size;
  try {
    meter.begin();
    await until('every device to be online', online, PATIENCE_MS);
    row('from the first connection to the last, with births', meter.seconds, 's');
    row('controller meanwhile', meter.share, '% core');

    meter.begin();
    const at = secondsFromNow(Math.max(60_000, size * 20));
    await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
    await fleet.line(new RegExp(`, ${size} with a plan`), PATIENCE_MS);
    row('from a new schedule to the last plan held', meter.seconds, 's');

    await sleep(Math.max(0, at - Date.now() - 40_000));
    meter.begin();
    await sleep(30_000);
    row('controller while they beat', meter.share, '% core');

    await sleep(Math.max(0, at - Date.now()));
    meter.begin();
    const proven = await until(
      'every play to be proven',
      async () => {
        const { total } = await client.call('GET /plays', {
          query: { from: at, to: at + 1, verdict: 'played', limit: 1 },
        });
        return total === size ? total : null;
      },
      300_000,
    ).catch(() => null);
    row('from the start to the last proven play', meter.seconds, 's');
    row('controller meanwhile', meter.share, '% core', 100);
    const { total } = await client.call('GET /plays', {
      query: { from: at, to: at + 1, verdict: 'played', limit: 1 },
    });
    row('plays not proven', proven === null ? size - total : 0, 'plays', 0);
    // What the devices say for themselves: the first thing to look at when a play is not proven.
    if (proven === null) console.error(fleet.lines.at(-1), await verdictsAt(village, at));
    row('largest memory of the controller so far', meter.peakMegabytes, 'MB', 1_000);

    await village.controller.kill();
    const fleetMemory = megabytes(fleet.pid);
    await sleep(5_000);
    await village.restartController();
    const again = new Meter(village);
    again.begin();
    const told = fleet.lines.length;
    const back = new RegExp(` ${size} connected`);
    await until(
      'every device to be back',
      async () => fleet.lines.slice(told).some((line) => back.test(line)),
      PATIENCE_MS,
    );
    row('from a controller that is back to every device connected again', again.seconds, 's');
    row('controller meanwhile', again.share, '% core', 100);
    row('its largest memory', again.peakMegabytes, 'MB', 1_000);
    row('the fleet program, after what it was before', megabytes(fleet.pid) - fleetMemory, 'MB');
  } finally {
    await fleet.stop();
    await village.stop();
  }
}

/** How many plays of that moment came to each verdict. */
async function verdictsAt({ client }: Village, at: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await client.call('GET /plays', {
      query: { from: at, to: at + 1, limit: 500, ...(cursor === undefined ? {} : { cursor }) },
    });
    for (const { verdict, reason } of page.items) {
      const name = `${verdict} ${reason ?? ''}`.trim();
      counts[name] = (counts[name] ?? 0) + 1;
    }
    cursor = page.next;
  }
  return counts;
}

/** Time, processor and memory of the controller since `begin`. */
class Meter {
  readonly #pid: number;
  #began = 0;
  #spent = 0;

  constructor(village: Village) {
    this.#pid = village.controller.pid ?? 0;
  }

  begin(): void {
    this.#began = Date.now();
    this.#spent = processorSeconds(this.#pid);
  }

  get seconds(): number {
    return (Date.now() - this.#began) / 1_000;
  }

  /** Of one core, in percent, all threads together. */
  get share(): number {
    return ((processorSeconds(this.#pid) - this.#spent) / this.seconds) * 100;
  }

  /** VmHWM of proc(5): the most that was ever resident. */
  get peakMegabytes(): number {
    return statusOf(this.#pid, 'VmHWM');
  }
}

const megabytes = (pid: number | undefined): number => statusOf(pid ?? 0, 'VmRSS');

function statusOf(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) / 1_000;
}
