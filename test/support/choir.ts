import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '#firmware-sim/speaker/ffmpeg';
import { LossyLink, MOBILE } from './lossy-link.ts';
import type { Program } from './process.ts';
import { Recording } from './recording.ts';
import { holdsPlanWith, programmeOf, scheduleOnceAt, secondsFromNow, uploadReady } from './schedule.ts';
import { until } from './until.ts';
import { Village } from './village.ts';

/** What is wrong with the clocks of one speaker. */
export interface Crystal {
  readonly offsetMs: number;
  readonly clockPpm: number;
  readonly cardPpm: number;
}

/** Crystals from one end of what is sold to the other, and battery clocks up to some hours off; the same at each run. */
export const crystals = (count: number): Crystal[] =>
  Array.from({ length: count }, (_, index) => ({
    offsetMs: (((index * 7_919) % 101) - 50) * 250_000,
    clockPpm: Math.round(-100 + (200 * index) / Math.max(1, count - 1)),
    cardPpm: ((index * 73) % 201) - 100,
  }));

interface Singer {
  readonly id: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly directory: string;
  program: Program;
}

/** Speakers in separate processes that are to sound as one. */
export class Choir {
  readonly #village: Village;
  readonly #links: readonly LossyLink[];
  readonly #singers: readonly Singer[];

  private constructor(village: Village, links: readonly LossyLink[], singers: readonly Singer[]) {
    this.#village = village;
    this.#links = links;
    this.#singers = singers;
  }

  /** @param mobile whether every speaker hears the controller over a bad mobile network of its own jitter. */
  static async assemble(members: readonly Crystal[], mobile = false): Promise<Choir> {
    const links: LossyLink[] = [];
    const village = await Village.start({
      behind: async ({ mqtt }) => {
        if (!mobile) return {};
        const link = await LossyLink.open({ port: mqtt }, { ...MOBILE, seed: 11 });
        links.push(link);
        return { LOA_MQTT_PUBLIC_URL: `mqtt://127.0.0.1:${link.port}` };
      },
    });
    const singers: Singer[] = [];
    for (const [index, { offsetMs, clockPpm, cardPpm }] of members.entries()) {
      const skew = [`--clock-offset-ms=${offsetMs}`, `--clock-ppm=${clockPpm}`, `--card-ppm=${cardPpm}`];
      const args = ['--kind', 'speaker', '--wav', ...skew];
      const name = `Loa ${index + 1}`;
      singers.push({ name, args, ...(await village.addDevice(name, args)) });
    }
    return new Choir(village, links, singers);
  }

  /**
   * Lets them play noise together, and waits until all have. @param meanwhile is told when it is due, epoch ms.
   * @returns what came out of each.
   */
  async sing(
    seconds: number,
    inMs: number,
    meanwhile: (at: number) => Promise<void> = () => Promise.resolve(),
  ): Promise<{ recordings: Recording[]; at: number }> {
    const { client, directory } = this.#village;
    const source = path.join(directory, `noise-${seconds}.wav`);
    const noise = `anoisesrc=color=pink:seed=7:amplitude=0.5:sample_rate=48000:duration=${seconds}`;
    const args = ['-v', 'error', '-y', '-f', 'lavfi', '-i', noise, source];
    await promisify(execFile)(await findFfmpeg(undefined), args);
    const programme = await programmeOf(client, await uploadReady(client, source, 'noise.wav'), 'Tiếng ồn');
    const at = secondsFromNow(inMs);
    const schedule = await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
    for (const { id } of this.#singers) await holdsPlanWith(client, id, schedule);
    const files = this.#singers.map((one) => path.join(one.directory, 'wav', `${schedule}@${at}.wav`));
    await meanwhile(at);
    const patienceMs = at - Date.now() + seconds * 1_000 + 60_000;
    await until('every speaker to have played', () => Promise.resolve(files.every(existsSync)), patienceMs);
    return { recordings: await Promise.all(files.map((file) => Recording.read(file))), at };
  }

  /** The power of one goes and comes. */
  async powerCut(index: number): Promise<void> {
    const singer = this.#singers[index];
    if (singer === undefined) throw new Error(`there is no speaker ${index + 1}`);
    await singer.program.kill();
    singer.program = this.#village.startDevice(singer.name, singer.args).program;
  }

  async disperse(): Promise<void> {
    await this.#village.stop();
    for (const link of this.#links) await link.stop();
  }
}

/** What the machine's steady counter shows at an epoch ms, by its wall clock of now. */
export function machineMsAt(utcMs: number): number {
  let ahead = Number.POSITIVE_INFINITY;
  for (let edge = 0; edge < 5; edge += 1) {
    const before = Date.now();
    let wall = before;
    while (wall === before) wall = Date.now();
    // A pause of this program between the two readings can only make this larger.
    ahead = Math.min(ahead, Number(process.hrtime.bigint()) / 1e6 - wall);
  }
  return utcMs + ahead;
}
