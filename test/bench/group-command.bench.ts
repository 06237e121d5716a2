import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { seedDevices } from '../support/seed.ts';
import { speakTo } from '../support/spoken.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

const DEVICES = 2_000;
const ROUNDS = 21;
const WARM_UP = 4;

/**
 * How long until the last of two thousand connected devices has a command that was given once, to all: through the
 * controller, from the request of the console, and through the same broker alone. By turns, so that whatever else the
 * machine does falls on both.
 */
export default async function groupCommand(report: Report): Promise<void> {
  const village = await Village.start({ prepare: async (data) => void (await seedDevices(data, DEVICES)) });
  const bare = helper('bare-broker.ts', [DEVICES]);
  const { port } = await said(bare, z.object({ port: z.number() }));
  const crowd = helper('light-crowd.ts', [DEVICES, village.mqttPort, port]);
  try {
    await said(crowd, z.object({ connected: z.number() }), 180_000);
    // The first words to newcomers, desired documents and the like, are over.
    await sleep(5_000);
    const all = { targets: [{ kind: 'all' as const, id: '' }] };
    const idle = () => village.client.call('GET /session');
    const stopAll = () => village.client.call('POST /stop-all', { body: all });
    await compare(report, 'stop-all', {
      ...{ controller: stopAll, idle, mqttPort: village.mqttPort, bare, crowd },
    });

    const source = `${village.directory}/source.wav`;
    await speakTo(source, 'Thông báo khẩn.');
    const asset = await uploadReady(village.client, source, 'source.wav');
    const content = { kind: 'programme' as const, id: await programmeOf(village.client, asset, 'Khẩn') };
    const emergency = () =>
      village.client.call('POST /broadcasts', { body: { content, ...all, priority: 'emergency' as const } });
    await compare(report, 'start of an emergency', {
      ...{ controller: emergency, idle, mqttPort: village.mqttPort, bare, crowd },
    });
  } finally {
    crowd.kill();
    bare.kill();
    await village.stop();
  }
}

const Heard = z.object({ port: z.number(), last: z.string(), bytes: z.number() });
const Began = z.object({ began: z.string() });

interface Sides {
  readonly controller: () => Promise<unknown>;
  /** A request that is signed in, checked and answered, and does nothing: what any request costs. */
  readonly idle: () => Promise<unknown>;
  readonly mqttPort: number;
  readonly bare: ChildProcess;
  readonly crowd: ChildProcess;
}

async function compare(
  report: Report,
  what: string,
  { controller, idle, mqttPort, bare, crowd }: Sides,
): Promise<void> {
  const ours: number[] = [];
  const idles: number[] = [];
  const theirs: number[] = [];
  let bytes = 0;
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const heard = said(crowd, Heard);
    const began = process.hrtime.bigint();
    const answered = controller();
    const mine = await heard;
    if (mine.port !== mqttPort) throw new Error('a message of the bare broker came late');
    await answered;
    bytes = mine.bytes;
    await sleep(1_000);
    const [{ began: bareBegan }, other] = await Promise.all([
      said(bare, Began),
      said(crowd, Heard),
      Promise.resolve(bare.send({ bytes })),
    ]);
    await sleep(300);
    const asked = process.hrtime.bigint();
    await idle();
    const idleNs = process.hrtime.bigint() - asked;
    await sleep(100);
    if (round < WARM_UP) continue;
    idles.push(Number(idleNs) / 1e6);
    ours.push(Number(BigInt(mine.last) - began) / 1e6);
    theirs.push(Number(BigInt(other.last) - BigInt(bareBegan)) / 1e6);
  }
  const [controllerMs, bareMs, idleMs] = [median(ours), median(theirs), median(idles)];
  const commandMs = controllerMs - idleMs;
  const name = `${what} (${bytes} bytes) to ${DEVICES} devices, median of ${ROUNDS}`;
  report({ name: `${name}: bare broker`, figure: bareMs, unit: 'ms', limit: null, ok: true });
  report({ name: `${name}: any request, signed in`, figure: idleMs, unit: 'ms', limit: null, ok: true });
  report({
    name: `${name}: controller, from the request`,
    figure: controllerMs,
    unit: 'ms',
    limit: null,
    ok: true,
  });
  report({
    name: `${name}: the command, of the bare broker`,
    figure: commandMs / bareMs,
    unit: '×',
    limit: 1.3,
    ok: commandMs <= bareMs * 1.3,
  });
  report({
    name: `${name}: from the request, of the bare broker`,
    figure: controllerMs / bareMs,
    unit: '×',
    limit: null,
    ok: true,
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A process of the test's own, from source, with the compiled program under it. */
function helper(file: string, args: readonly number[]): ChildProcess {
  return fork(new URL(`../support/${file}`, import.meta.url).pathname, args.map(String), {
    execArgv: ['--import', 'tsx'],
  });
}

/** The next message of that form. @throws when it does not come. */
function said<T>(from: ChildProcess, form: z.ZodType<T>, timeoutMs = 30_000): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a helper process said nothing')), timeoutMs);
    const hear = (message: unknown): void => {
      const parsed = form.safeParse(message);
      if (!parsed.success) return;
      clearTimeout(timer);
      from.off('message', hear);
      resolve(parsed.data);
    };
    from.on('message', hear);
  });
}
