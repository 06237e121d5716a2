import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/ports.ts';
import { Program } from '../support/process.ts';
import { until } from '../support/until.ts';

describe('the demo', () => {
  let directory = '';
  let env: Record<string, string> = {};
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'loa-demo-'));
    env = {
      LOA_DATA_DIR: directory,
      LOA_HTTP_HOST: '127.0.0.1',
      LOA_HTTP_PORT: String(await freePort()),
      LOA_MQTT_PORT: String(await freePort()),
    };
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('shows a newcomer three loudspeakers and a board that prove what they played, and stops when asked', async () => {
    const demo = new Program('firmware-sim/demo/main.js', [], env);
    try {
      await demo.line(/^Console: +http:\/\/localhost:\d+$/, 120_000);
      await demo.line(/^Account: +admin +Password: +\S+$/);
      const played = await until(
        'all four devices to have played',
        () => {
          const lines = demo.lines.filter((line) => line.startsWith('played'));
          return lines.length === 4 && lines;
        },
        120_000,
      );
      for (const line of played) expect(line).toMatch(/verdict played$/);
      expect(demo.errors).toEqual([]);
    } finally {
      expect(await demo.stop()).toBe(0);
    }
  });

  test('starts again on the same data: same account, same devices, nothing paired twice', async () => {
    const demo = new Program('firmware-sim/demo/main.js', [], env);
    try {
      await demo.line(/^On air: /, 60_000);
      expect(demo.lines.filter((line) => line.includes('shows the code'))).toEqual([]);
      expect(demo.lines.filter((line) => line.endsWith('is connected'))).toHaveLength(4);
    } finally {
      expect(await demo.stop()).toBe(0);
    }
    // What the demo started has ended with it: its port is free.
    await expect(fetch(`http://127.0.0.1:${env.LOA_HTTP_PORT}/healthz`)).rejects.toThrow();
  });
});
