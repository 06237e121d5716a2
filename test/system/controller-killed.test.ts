import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe('a controller that dies between planning and playing', () => {
  let village: Village;
  beforeAll(async () => {
    village = await Village.start();
  });
  afterAll(() => village?.stop());

  test('does not stop the play, and finds it in the log after its restart', async () => {
    const { client } = village;
    const speaker = await village.addDevice('Cụm loa tổ 1', ['--kind', 'speaker']);
    const source = path.join(village.directory, 'source.wav');
    await speakTo(source, 'Đây là bản tin của phường Phù Vân, phát khi máy chủ không còn chạy.');
    const asset = await uploadReady(client, source, 'source.wav');
    const programme = await programmeOf(client, asset, 'Bản tin');
    const at = secondsFromNow(9_000);
    const schedule = await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
    await holdsPlanWith(client, speaker.id, schedule);
    await village.controller.kill();
    expect(Date.now(), 'killed before the start').toBeLessThan(at);

    await sleep(at - Date.now() + 8_000);
    await village.restartController();
    const play = await until(
      'the play in the log',
      async () => {
        const { items } = await client.call('GET /plays', { query: { from: at - 1_000, to: at + 1_000 } });
        return items.find(({ verdict }) => verdict !== 'pending' && verdict !== 'unknown');
      },
      90_000,
    );
    expect(play).toMatchObject({ deviceId: speaker.id, verdict: 'played', reason: null });
    const { records } = await client.call('GET /plays/{occurrence}/{device}', {
      params: { occurrence: play.occurrence, device: speaker.id },
    });
    expect(records).toHaveLength(1);
  });

  test('a device that was off when it was due is not said to have played', async () => {
    const { client } = village;
    const speaker = await village.addDevice('Cụm loa tổ 2', ['--kind', 'speaker']);
    const source = path.join(village.directory, 'short.wav');
    await speakTo(source, 'Thông báo ngắn của phường.');
    const programme = await programmeOf(client, await uploadReady(client, source, 'short.wav'), 'Thông báo');
    const at = secondsFromNow(8_000);
    const schedule = await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
    await holdsPlanWith(client, speaker.id, schedule);
    await speaker.program.kill();
    await sleep(at - Date.now() + 6_000);
    const find = async () => {
      const { items } = await client.call('GET /plays', {
        query: { from: at - 1_000, to: at + 1_000, device: speaker.id },
      });
      return items[0];
    };
    expect((await find())?.verdict).not.toBe('played');
  });
});
