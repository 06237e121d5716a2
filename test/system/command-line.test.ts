import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SETTINGS } from '#controller/config/settings';
import { freePort } from '../support/ports.ts';
import { Program } from '../support/process.ts';

/** Runs the controller until it ends by itself. */
async function run(
  env: Record<string, string>,
  args: string[] = [],
): Promise<{ code: number | null; out: string; err: string }> {
  const program = new Program('controller/main.js', args, { LOA_LOG_LEVEL: 'warn', ...env });
  const code = await program.exited;
  return { code, out: program.lines.join('\n'), err: program.errors.join('\n') };
}

describe('the command line', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'loa-cli-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('lists every setting with its default', async () => {
    const { code, out } = await run({}, ['--help']);
    expect(code).toBe(0);
    for (const name of Object.keys(SETTINGS)) expect(out).toContain(name);
    expect(out).toContain('[8080]');
  });

  test.each([
    ['a port that is none', { LOA_HTTP_PORT: 'eight' }, 'LOA_HTTP_PORT=eight'],
    ['a zone that is none', { LOA_TIMEZONE: 'Asia/Hanoi2' }, 'LOA_TIMEZONE=Asia/Hanoi2'],
    ['a broker that is none', { LOA_MQTT_URL: 'http://broker' }, 'LOA_MQTT_URL=http://broker'],
    ['a misspelt setting', { LOA_HTTP_PROT: '8081' }, 'LOA_HTTP_PROT is not a setting'],
  ])('says what to change about %s', async (_what, env, words) => {
    const { code, err } = await run({ LOA_DATA_DIR: directory, ...env });
    expect(code).not.toBe(0);
    expect(err).toContain(words);
    expect(err.split('\n'), 'one sentence, no stack').toHaveLength(1);
  });

  test.each([['LOA_HTTP_PORT'], ['LOA_MQTT_PORT']])(
    'says which setting to change when the port of %s is in use',
    async (name) => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const { port } = other.address() as AddressInfo;
      try {
        const env = {
          LOA_DATA_DIR: path.join(directory, name),
          LOA_HTTP_HOST: '127.0.0.1',
          LOA_HTTP_PORT: String(await freePort()),
          LOA_MQTT_PORT: String(await freePort()),
          [name]: String(port),
        };
        const { code, err } = await run(env);
        expect(code).not.toBe(0);
        expect(err).toContain(`Port ${port} is in use`);
        expect(err).toContain(name);
        expect(err.split('\n')).toHaveLength(1);
        // Whoever frees the port must not find the house locked, the password having been made and never shown.
        other.close();
        const second = new Program('controller/main.js', [], env);
        await second.line(/^first sign-in: admin \S+$/);
        expect(await second.stop()).toBe(0);
      } finally {
        other.close();
      }
    },
  );

  test('says so when the data directory cannot be made', async () => {
    const file = path.join(directory, 'a-file');
    await writeFile(file, '');
    const { code, err } = await run({ LOA_DATA_DIR: path.join(file, 'data') });
    expect(code).not.toBe(0);
    expect(err).toContain('LOA_DATA_DIR');
    expect(err.split('\n')).toHaveLength(1);
  });

  test('says so when the database is damaged, and leaves it as it is', async () => {
    const data = path.join(directory, 'damaged');
    await mkdir(data);
    await writeFile(path.join(data, 'loa.sqlite'), 'what a failing disk left of it');
    const { code, err } = await run({ LOA_DATA_DIR: data });
    expect(code).not.toBe(0);
    expect(err).toContain('loa.sqlite');
    expect(err).toContain('backup');
    expect(err.split('\n')).toHaveLength(1);
    expect(await readFile(path.join(data, 'loa.sqlite'), 'utf8')).toBe('what a failing disk left of it');
  });

  test('does not let two controllers write to one data directory', async () => {
    const data = path.join(directory, 'shared');
    const env = async () => ({
      LOA_DATA_DIR: data,
      LOA_HTTP_HOST: '127.0.0.1',
      LOA_HTTP_PORT: String(await freePort()),
      LOA_MQTT_PORT: String(await freePort()),
      LOA_LOG_LEVEL: 'warn',
    });
    const first = new Program('controller/main.js', [], await env());
    try {
      await first.line(/^console: /);
      const { code, err } = await run(await env());
      expect(code).not.toBe(0);
      expect(err).toContain(data);
      expect(err.split('\n')).toHaveLength(1);
    } finally {
      expect(await first.stop(), 'a clean stop').toBe(0);
    }
  });
});
