import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, signInForDemo } from './account.ts';
import { allowAnyHour, ensureProgramme, scheduleOnce, zoneOfSite } from './broadcast.ts';
import { Child } from './child.ts';
import { clockTime, LogFollower } from './log.ts';
import { Operator } from './operator.ts';
import { ensureAreas, startDevices } from './village.ts';

/**
 * `npm run demo`: a controller, three clusters and a board, each a process of its own, and a spoken programme a minute
 * from now. Settings are those of the controller; the data directory is `data/demo` unless LOA_DATA_DIR says otherwise.
 */
const directory = path.resolve(process.env.LOA_DATA_DIR || 'data/demo');
const port = process.env.LOA_HTTP_PORT || '8080';
const url = `http://127.0.0.1:${port}`;
const say = (line: string): void => console.log(line);

const children: Child[] = [];
const over = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => over.abort());

try {
  await Promise.race([run(), once(over.signal, 'abort')]);
} catch (error) {
  if (!over.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
if (children.length > 0) say('stopping');
for (const child of children.reverse()) await child.stop();
process.exit();

async function run(): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { controller, printed } = await startController();
  const operator = new Operator(url);
  const account = await signInForDemo(operator, directory, printed);
  await allowAnyHour(operator);
  const areas = await ensureAreas(operator);
  await startDevices(operator, {
    http: url,
    directory: path.join(directory, 'devices'),
    areas,
    say,
    children,
  });

  say('making the programme with the embedded voice …');
  const programme = await ensureProgramme(operator);
  const at = Math.ceil((Date.now() + 60_000) / 1_000) * 1_000;
  const zone = await zoneOfSite(operator);
  await scheduleOnce(operator, programme, at, zone);
  say('');
  say(`Console:  ${process.env.LOA_PUBLIC_URL || `http://localhost:${port}`}`);
  say(`Account:  ${account.username}   Password:  ${account.password}`);
  say(
    `On air:   ${clockTime(at, zone).slice(0, 8)} (${zone}), on every device. Ctrl-C ends the demo; its data stays in ${directory}.`,
  );
  say('');

  const log = new LogFollower(operator, at - 60_000, zone);
  while (!over.signal.aborted) {
    for (const line of await log.news()) say(line);
    await Promise.race([
      sleep(1_000, undefined, { signal: over.signal }).catch(() => undefined),
      controller.exited,
    ]);
    if (!controller.running && !over.signal.aborted) {
      throw new Error('The controller stopped by itself; its message is above.');
    }
  }
}

/** The controller as a process, once it says where its console is; with the account that it made at its first start. */
async function startController(): Promise<{ controller: Child; printed: Account | null }> {
  const env = { LOA_LOG_LEVEL: 'warn', ...process.env, LOA_DATA_DIR: directory };
  let printed: Account | null = null;
  let ready = (): void => undefined;
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const controller = new Child(new URL('../../controller/main.js', import.meta.url), [], env, (line) => {
    const [, username, password] = /^first sign-in: (\S+) (\S+)$/.exec(line) ?? [];
    if (username !== undefined && password !== undefined) printed = { username, password };
    if (line.startsWith('console: ')) ready();
  });
  children.push(controller);
  await Promise.race([isReady, controller.exited]);
  if (!controller.running) throw new Error('The controller did not start; its message is above.');
  return { controller, printed };
}
