import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LossyLink, MOBILE } from './lossy-link.ts';
import { seeded } from './lossy-way.ts';
import type { Program } from './process.ts';
import { programmeOf, uploadReady } from './schedule.ts';
import { tone } from './sound.ts';
import { until } from './until.ts';
import { Village } from './village.ts';

const ZONE = 'Asia/Ho_Chi_Minh';
/** Short programmes, each a tone of its own, so that what was heard tells what it was. */
export const TONES = [
  { hz: 440, seconds: 3 },
  { hz: 700, seconds: 4 },
  { hz: 1_000, seconds: 5 },
] as const;
/** From one start to the next. */
const EVERY_MS = 6_000;

export interface KillRun {
  readonly kills: number;
  readonly devices: number;
  readonly seed: number;
  /** From one kill to the next, on average, ms. */
  readonly everyMs: number;
}

/** When somebody was without power: killed, until it was connected (or served) again. Epoch ms. */
export interface Outage {
  readonly who: string;
  readonly from: number;
  readonly to: number;
}

export interface KillScene {
  readonly village: Village;
  /** By device id: where it lives, and the truth of its card. */
  readonly devices: ReadonlyMap<string, { readonly directory: string; readonly truth: string }>;
  readonly outages: readonly Outage[];
  /** What every device was to play, by start. */
  readonly expected: readonly { readonly startAt: number; readonly hz: number; readonly seconds: number }[];
  /** Segments that the network lost. */
  readonly lost: number;
}

interface Victim {
  readonly name: string;
  kill(): Promise<void>;
  /** Switches it on again; resolves when it serves or plays. @throws when it was killed meanwhile. */
  revive(): Promise<void>;
}

/**
 * A village behind a bad mobile network, whose devices and controller lose their power again and again while programmes
 * play. Ends when all is back, all evidence is in and the controller has stopped. The caller takes the directory away.
 */
export async function killRun({ kills, devices, seed, everyMs }: KillRun): Promise<KillScene> {
  const random = seeded(seed);
  let mqtt: LossyLink | null = null;
  // The broker's public address must be known before the controller is.
  const village = await Village.start({
    behind: async (ports) => {
      mqtt = await LossyLink.open({ port: ports.mqtt }, { seed });
      return { LOA_MQTT_PUBLIC_URL: `mqtt://127.0.0.1:${mqtt.port}` };
    },
  });
  const http = await LossyLink.open({ port: village.httpPort }, { seed: seed + 1 });
  const links = [http, ...(mqtt === null ? [] : [mqtt as LossyLink])];
  const outages: Outage[] = [];
  const homes = new Map<string, { directory: string; truth: string }>();
  const victims: Victim[] = [controllerOf(village)];
  for (let index = 1; index <= devices; index += 1) {
    const name = `Cụm loa tổ ${index}`;
    const truth = path.join(village.directory, `truth-${index}.jsonl`);
    const args = ['--kind', 'speaker', '--http', `http://127.0.0.1:${http.port}`, '--truth', truth];
    args.push('--heartbeat-ms', '2000');
    await writeFile(truth, '');
    const { id, directory, program } = await village.addDevice(name, args);
    homes.set(id, { directory, truth });
    victims.push(deviceOf(village, id, name, args, program));
  }
  const expected = await schedule(village, kills * everyMs + 6_000);
  await until('every device to hold the plan', async () => {
    const { items } = await village.client.call('GET /devices');
    return items.every(({ plan }) => plan.held !== null && plan.held.sha256 === plan.desired?.sha256);
  });
  for (const link of links) link.become(MOBILE);
  await sleep((expected[0]?.startAt ?? 0) - Date.now() - 2_000);

  const ends = (expected.at(-1)?.startAt ?? 0) + 8_000;
  const reviving: Promise<void>[] = [];
  const latest = new Map<Victim, number>();
  for (let count = 0; count < kills; count += 1) {
    const victim = victims[Math.floor(random() * victims.length)];
    if (victim !== undefined) {
      reviving.push(outage(victim, random() * 3_000, outages, latest));
    }
    // Now and then the network goes as well.
    if (random() < 0.1) links[Math.floor(random() * links.length)]?.cut();
    await sleep(everyMs * (0.5 + random()));
  }
  await Promise.all(reviving);
  await sleep(Math.max(0, ends - Date.now()));
  for (const link of links) link.become({ up: {}, down: {} });
  await allTold(village, [...homes.keys()], Date.now());
  const lost = links.reduce((sum, link) => sum + link.lost, 0);
  for (const device of village.devices) await device.stop();
  await village.controller.stop();
  for (const link of links) await link.stop();
  return { village, devices: homes, outages, expected, lost };
}

/** It may be killed again while it starts: then the next outage goes on where this one ends. */
async function outage(victim: Victim, offMs: number, outages: Outage[], latest: Map<Victim, number>) {
  const from = Date.now();
  latest.set(victim, from);
  await victim.kill();
  await sleep(offMs);
  if (latest.get(victim) === from) {
    await victim.revive().catch((error: unknown) => {
      if (latest.get(victim) === from) throw error;
    });
  }
  outages.push({ who: victim.name, from, to: Date.now() });
}

const controllerOf = (village: Village): Victim => ({
  name: 'controller',
  kill: () => village.controller.kill(),
  revive: () => village.restartController(),
});

function deviceOf(village: Village, id: string, name: string, args: string[], first: Program): Victim {
  let program = first;
  return {
    name: id,
    kill: () => program.kill(),
    revive: async () => {
      program = village.startDevice(name, args).program;
      // It plays from here on, with or without a controller.
      await program.line(/^plan \d+ ready$/);
    },
  };
}

/** Everything that starts within so many milliseconds, in turn; at most 48 starts a schedule. */
async function schedule(village: Village, forMs: number) {
  const { client, directory } = village;
  const programmes: { id: string; hz: number; seconds: number }[] = [];
  for (const { hz, seconds } of TONES) {
    const file = path.join(directory, `tone-${hz}.ogg`);
    await writeFile(file, await tone(seconds, hz));
    const asset = await uploadReady(client, file, `tone-${hz}.ogg`);
    programmes.push({ id: await programmeOf(client, asset, `Âm ${hz} Hz`), hz, seconds });
  }
  const first = Math.ceil((Date.now() + 15_000) / 1_000) * 1_000;
  const count = Math.ceil(forMs / EVERY_MS);
  const starts = Array.from({ length: count }, (_, index) => first + index * EVERY_MS);
  const expected: { startAt: number; hz: number; seconds: number }[] = [];
  for (const [turn, { id, hz, seconds }] of programmes.entries()) {
    const mine = starts.filter((_, index) => index % programmes.length === turn);
    for (const startAt of mine) expected.push({ startAt, hz, seconds });
    for (const [date, times] of byDate(mine)) {
      for (let from = 0; from < times.length; from += 48) {
        await client.call('POST /schedules', {
          body: {
            title: `Âm ${hz} Hz`,
            content: { kind: 'programme', id },
            timetable: {
              rule: { kind: 'once', date, times: times.slice(from, from + 48) },
              ...{ startDate: null, endDate: null, exceptDates: [], repeat: { count: 1, gapMs: 0 } },
            },
            targets: [{ kind: 'all', id: 'all' }],
          },
        });
      }
    }
  }
  return expected.sort((a, b) => a.startAt - b.startAt);
}

function byDate(starts: readonly number[]): Map<string, string[]> {
  const dates = new Map<string, string[]>();
  for (const start of starts) {
    const [date = '', time = ''] = new Date(start).toLocaleString('sv-SE', { timeZone: ZONE }).split(' ');
    dates.set(date, [...(dates.get(date) ?? []), time]);
  }
  return dates;
}

/** Every device has said since then that it has nothing left to tell. */
async function allTold(village: Village, ids: readonly string[], since: number): Promise<void> {
  await until(
    'every device to have told everything',
    async () => {
      for (const id of ids) {
        const device = await village.client.call('GET /devices/{id}', { params: { id } });
        if (device.heartbeat?.outbox !== 0 || (device.heartbeatAt ?? 0) < since + 3_000) return false;
      }
      return true;
    },
    150_000,
  );
}
