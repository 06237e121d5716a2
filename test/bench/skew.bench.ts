import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Choir, crystals, machineMsAt } from '../support/choir.ts';
import { momentsOf, pairsOf, percentile, type Recording } from '../support/recording.ts';
import type { Report } from './main.ts';

const run = promisify(execFile);
const SPEAKERS = Number(process.env.LOA_SKEW_SPEAKERS ?? 20);
const STARTS = Number(process.env.LOA_SKEW_STARTS ?? 5);
/** 600 is the long form. */
const HOLD_S = Number(process.env.LOA_SKEW_HOLD_S ?? 60);
/** The long form of one alone takes a quarter of an hour. */
const WHERE = (process.env.LOA_SKEW_WHERE ?? 'near,mobile').split(',');
const SETTLE_MS = 60_000;
const SHORT_S = 6;
/** Twenty programs on two cores need their time to take up a plan. */
const LEAD_MS = 35_000;
/** The first tenths of a second are the start; noise is noise from its first sample. */
const START_SAMPLE = 480;

/**
 * How far apart speakers in separate processes sound, whose clocks and cards differ by ± 100 ppm and by hours: at the
 * start, while they play, and behind bad mobile links. Found in the sound by cross-correlation, against the machine's
 * steady counter. Takes some eight minutes; with `LOA_SKEW_HOLD_S=600` twenty more.
 *
 * `LOA_PEER_SNAPCAST` names a folder with `build.sh` and `run.py`, which measure Snapcast on virtual sound cards in the
 * same way (`snapserver` and `snapclient` must be installed, and stopped).
 */
export default async function skew(report: Report): Promise<void> {
  if (WHERE.includes('near')) await onLoopback(report);
  if (WHERE.includes('mobile')) await behindMobileLinks(report);
}

type Row = (name: string, figure: number, limit: number, unit?: string) => void;
const rowsOf =
  (report: Report): Row =>
  (name, figure, limit, unit = 'ms') =>
    report({ name, figure, unit, limit, ok: figure <= limit });

async function onLoopback(report: Report): Promise<void> {
  const near = await measure(false);
  const row = rowsOf(report);
  const crystal = `${SPEAKERS} speakers in separate processes, clocks and cards ± 100 ppm`;
  row(`start skew of ${crystal}, p95 of pairs over ${STARTS} starts`, percentile(near.starts, 0.95), 0.3);
  row('the same, first to last of all, worst start', Math.max(...near.spreads), 1);
  row('first sound from its due time, all speakers and starts, p95', percentile(near.late, 0.95), 5);
  row(`skew while they play, p95 of pairs each 5 s of ${HOLD_S} s`, percentile(near.held, 0.95), 0.3);
  row('the same, worst pair', Math.max(...near.held), 1);
  row('places of the sound at which a speaker was silent or further off than 10 ms', near.absent, 0, 'times');
  await peer(report);
}

async function behindMobileLinks(report: Report): Promise<void> {
  const far = await measure(true);
  const row = rowsOf(report);
  const mobile = 'behind mobile links (60 ± 40 ms, unequal ways, 1 % loss)';
  row(`start skew ${mobile}, p95 of pairs over ${STARTS} starts`, percentile(far.starts, 0.95), 20);
  row(`skew while they play ${mobile}, p95 of pairs`, percentile(far.held, 0.95), 20);
  row('places of the sound at which a speaker was silent or further off than 60 ms', far.absent, 0, 'times');
}

async function measure(mobile: boolean) {
  const choir = await Choir.assemble(crystals(SPEAKERS), mobile);
  const reachMs = mobile ? 60 : 10;
  let absent = 0;
  const together = (recordings: readonly Recording[], sample: number): number[] => {
    // The first one to which the others are compared must have been there itself.
    const moments = momentsOf(byBeginning(recordings), sample, reachMs);
    absent += moments.filter((moment) => moment === null).length;
    return moments.filter((moment) => moment !== null);
  };
  try {
    await sleep(SETTLE_MS);
    const starts: number[] = [];
    const spreads: number[] = [];
    const late: number[] = [];
    for (let start = 0; start < STARTS; start += 1) {
      const { recordings, at } = await choir.sing(SHORT_S, LEAD_MS);
      const moments = together(recordings, START_SAMPLE);
      starts.push(...pairsOf(moments));
      spreads.push(Math.max(...moments) - Math.min(...moments));
      const due = machineMsAt(at + START_SAMPLE / 48);
      late.push(...moments.map((moment) => Math.abs(moment - due)));
    }
    const { recordings } = await choir.sing(HOLD_S, LEAD_MS);
    const held: number[] = [];
    for (let second = 0; second + 1 < HOLD_S; second += 5) {
      held.push(...pairsOf(together(recordings, second * 48_000 + START_SAMPLE)));
    }
    return { starts, spreads, late, held, absent };
  } finally {
    await choir.disperse();
  }
}

const byBeginning = (recordings: readonly Recording[]): Recording[] =>
  [...recordings].sort((one, other) => one.momentOf(0) - other.momentOf(0));

const Measured = z.object({
  start_pair_ms: z.object({ p95: z.number() }).nullable(),
  steady_pair_ms: z.object({ p95: z.number() }).nullable(),
});

async function peer(report: Report): Promise<void> {
  const name = `Snapcast, ${SPEAKERS} clients, cards ± 100 ppm, p95 of pairs`;
  const folder = process.env.LOA_PEER_SNAPCAST;
  const missing = await why(folder);
  if (folder === undefined || missing !== null) {
    const none = { figure: Number.NaN, unit: 'ms', limit: Number.NaN, ok: true };
    report({ name: `${name}: not measured, ${missing}`, ...none });
    return;
  }
  const work = await mkdtemp(path.join(tmpdir(), 'loa-peer-'));
  try {
    await run('sh', [path.join(folder, 'build.sh'), path.join(work, 'build')]);
    const ppm = crystals(SPEAKERS).map(({ cardPpm }) => cardPpm);
    const { stdout } = await run(
      'python3',
      [
        path.join(folder, 'run.py'),
        ...['--build', path.join(work, 'build'), '--work', path.join(work, 'run')],
        ...[
          '--n',
          String(SPEAKERS),
          '--codec',
          'opus',
          '--plan',
          `${HOLD_S},6,4,6,4,6,4`,
          `--ppm=${ppm.join(',')}`,
        ],
      ],
      { maxBuffer: 1 << 26 },
    );
    const measured = Measured.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}'));
    const peerRow = (what: string, figure: number): void =>
      report({ name: `${name}, ${what}`, figure, unit: 'ms', limit: figure, ok: true });
    peerRow('at starts', measured.start_pair_ms?.p95 ?? Number.NaN);
    peerRow('while they play', measured.steady_pair_ms?.p95 ?? Number.NaN);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function why(folder: string | undefined): Promise<string | null> {
  if (folder === undefined) return 'LOA_PEER_SNAPCAST is not set';
  for (const program of ['snapserver', 'snapclient', 'gcc', 'python3']) {
    const found = await run('which', [program]).then(
      () => true,
      () => false,
    );
    if (!found) return `${program} is not installed`;
  }
  return null;
}
