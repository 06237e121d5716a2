import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alsaIsHere } from '../support/alsa.ts';
import { childrenOf, type Memory, memoryOf } from '../support/memory.ts';
import {
  holdsPlanWith,
  programmeOf,
  scheduleOnceAt,
  secondsFromNow,
  uploadReady,
} from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

/** What a board with 256 MB can give to a loudspeaker's program, without its decoder. */
const LIMIT_MB = 100;
let village: Village;

beforeAll(async () => {
  village = await Village.start();
});
afterAll(() => village?.stop());

test('a loudspeaker with a real card plays on a small board: its program stays under 100 MB', async () => {
  const { client, directory } = village;
  const config = path.join(directory, 'asound.conf');
  await mkdir(directory, { recursive: true });
  await writeFile(config, 'pcm.quiet { type null }\n');
  const output = alsaIsHere ? 'alsa:quiet' : 'command:cat > /dev/null';
  const surroundings = Object.fromEntries((await wordsOfDevice(/^[A-Z_]+=/)).map((word) => word.split('=')));
  const speaker = await village.addDevice('Loa', ['--kind', 'speaker', '--output', output], {
    env: { ...surroundings, ALSA_CONFIG_PATH: config },
    flags: await wordsOfDevice(/^--/),
  });
  const source = path.join(directory, 'source.wav');
  await speakTo(source);
  const programme = await programmeOf(client, await uploadReady(client, source, 'source.wav'), 'Bản tin');
  const at = secondsFromNow(10_000);
  const schedule = await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
  await holdsPlanWith(client, speaker.id, schedule);
  const pid = speaker.program.pid ?? 0;

  const seen: Memory[] = [];
  let decoder = 0;
  await until('the play to be proven', async () => {
    seen.push(await memoryOf(pid));
    for (const child of await childrenOf(pid)) {
      // It may end between the two looks.
      const memory = await memoryOf(child).catch(() => null);
      decoder = Math.max(decoder, memory?.rssMb ?? 0);
    }
    const { items } = await client.call('GET /plays', { query: { from: at, to: at + 1 } });
    return items.some(({ verdict }) => verdict === 'played');
  });
  const most = Math.max(...seen.map(({ rssMb }) => rssMb));
  console.info(
    `the loudspeaker's program held ${most.toFixed(1)} MB at most, its decoder ${decoder.toFixed(1)} MB`,
  );
  expect(decoder, 'it decoded').toBeGreaterThan(1);
  expect(most).toBeLessThan(LIMIT_MB);
  expect(speaker.program.errors).toEqual([]);
});

/** The words of the script `device` of one kind, so that it is run here as `npm run device` runs it. */
async function wordsOfDevice(kind: RegExp): Promise<string[]> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { scripts } = JSON.parse(manifest) as { scripts: { device: string } };
  return scripts.device.split(' ').filter((word) => kind.test(word));
}
