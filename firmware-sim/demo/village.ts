import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Child } from './child.ts';
import type { Operator } from './operator.ts';

const WithId = z.object({ id: z.string() });
const Named = WithId.extend({ name: z.string() });

/** Three clusters and the board in front of the ward's office, in their neighbourhoods. */
const DEVICES = [
  {
    folder: 'speaker-1',
    name: 'Cụm loa tổ 1',
    area: 'Tổ dân phố 1',
    args: ['--kind', 'speaker', '--model', 'LP-30'],
  },
  {
    folder: 'speaker-2',
    name: 'Cụm loa tổ 2',
    area: 'Tổ dân phố 2',
    args: ['--kind', 'speaker', '--model', 'LP-30'],
  },
  {
    folder: 'speaker-3',
    name: 'Cụm loa tổ 3',
    area: 'Tổ dân phố 3',
    args: ['--kind', 'speaker', '--model', 'LP-10', '--codec', 'mp3'],
  },
  {
    folder: 'board-1',
    name: 'Bảng tin UBND phường',
    area: 'Phường Phù Vân',
    args: ['--kind', 'board', '--model', 'LED-P5', '--panel', '192x96'],
  },
] as const;

/** Makes the area tree, once: the ward, and a neighbourhood for each cluster. */
export async function ensureAreas(operator: Operator): Promise<Map<string, string>> {
  const areas = new Map((await operator.get('/areas', z.array(Named))).map(({ id, name }) => [name, id]));
  const ensure = async (name: string, kind: string, parentId: string | null): Promise<string> => {
    const id = areas.get(name) ?? (await operator.post('/areas', { name, kind, parentId }, WithId)).id;
    areas.set(name, id);
    return id;
  };
  const ward = await ensure('Phường Phù Vân', 'ward', null);
  for (const { area } of DEVICES) if (!areas.has(area)) await ensure(area, 'neighbourhood', ward);
  return areas;
}

/**
 * Starts the devices. One that prints a code is let in through the real pairing, its code compared as a technician
 * would. Returns when all are in.
 */
export async function startDevices(
  operator: Operator,
  options: {
    http: string;
    directory: string;
    areas: ReadonlyMap<string, string>;
    say: (line: string) => void;
    /** Where each process is entered as soon as it runs, for whoever must stop them all. */
    children: Child[];
  },
): Promise<void> {
  const starting = DEVICES.map(({ folder, name, area, args }) => {
    const directory = path.join(options.directory, folder);
    const areaId = options.areas.get(area) ?? null;
    const { child, connected } = startDevice(
      operator,
      [...args, '--http', options.http, '--dir', directory, '--wav'],
      { name, areaId },
      options.say,
    );
    options.children.push(child);
    return connected;
  });
  await Promise.all(starting);
}

function startDevice(
  operator: Operator,
  args: readonly string[],
  entry: { name: string; areaId: string | null },
  say: (line: string) => void,
): { child: Child; connected: Promise<void> } {
  let onLine: (line: string) => void = () => undefined;
  const child = new Child(new URL('../main.js', import.meta.url), args, process.env, (line) => onLine(line));
  const connected = new Promise<void>((resolve, reject) => {
    onLine = (line) => {
      const code = /^pairing code (\w+)$/.exec(line)?.[1];
      if (code !== undefined) {
        say(`${entry.name} shows the code ${code}`);
        letIn(operator, code, entry).catch(reject);
      }
      if (line.startsWith('connected')) resolve();
    };
    void child.exited.then((exit) =>
      reject(new Error(`${entry.name} stopped by itself with exit code ${exit}.`)),
    );
  }).then(() => say(`${entry.name} is connected`));
  return { child, connected };
}

/** Waits for the request with this very code, and approves it. */
async function letIn(
  operator: Operator,
  code: string,
  device: { name: string; areaId: string | null },
): Promise<void> {
  for (;;) {
    const waiting = await operator.get('/pairings', z.array(WithId.extend({ code: z.string() })));
    const request = waiting.find((pairing) => pairing.code === code);
    if (request !== undefined) {
      await operator.post(`/pairings/${request.id}/approve`, device, z.unknown());
      return;
    }
    await sleep(250);
  }
}
