import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  holdsPlanWith,
  programmeOf,
  scheduleOnceAt,
  secondsFromNow,
  uploadReady,
} from '../support/schedule.ts';
import { correlate, loudnessOf, samplesOf } from '../support/signal.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

/** Enough for speech, and small enough to correlate without an FFT. */
const RATE = 8_000;

describe('from a sound file to the device’s own proof', () => {
  let village: Village;
  let speaker: Awaited<ReturnType<Village['addDevice']>>;
  let oldSpeaker: Awaited<ReturnType<Village['addDevice']>>;
  let board: Awaited<ReturnType<Village['addDevice']>>;
  let source = '';

  beforeAll(async () => {
    village = await Village.start();
    speaker = await village.addDevice('Cụm loa tổ 1', ['--kind', 'speaker', '--wav']);
    oldSpeaker = await village.addDevice('Cụm loa tổ 2', ['--kind', 'speaker', '--codec', 'mp3', '--wav']);
    board = await village.addDevice('Bảng tin', ['--kind', 'board', '--panel', '192x96']);
    for (const { id } of [speaker, oldSpeaker]) {
      await village.client.call('PATCH /devices/{id}', { params: { id }, body: { volume: 100 } });
    }
    source = path.join(village.directory, 'source.wav');
    await speakTo(source);
  });
  afterAll(() => village?.stop());

  test('what was uploaded is what each speaker plays, at its second, and the log has it from the devices', async () => {
    const { client } = village;
    const asset = await uploadReady(client, source, 'bản tin sáng.wav');
    const programme = await programmeOf(
      client,
      asset,
      'Bản tin sáng',
      'Tiêm phòng cho trẻ em sáng thứ tư tại trạm y tế phường.',
    );
    const at = secondsFromNow(12_000);
    const schedule = await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
    for (const { id } of [speaker, oldSpeaker, board]) await holdsPlanWith(client, id, schedule);

    const plays = await until('every device to have proven its play', async () => {
      const { items } = await client.call('GET /plays', { query: { from: at - 1_000, to: at + 1_000 } });
      return items.length === 3 && items.every((play) => play.verdict !== 'pending') ? items : null;
    });
    for (const play of plays) {
      expect(play, play.deviceName).toMatchObject({ verdict: 'played', reason: null });
      expect(Math.abs((play.firstSampleAt ?? 0) - at)).toBeLessThan(2_000);
      expect(play.playedMs / play.dueMs).toBeGreaterThan(0.98);
    }

    const original = await samplesOf(source, RATE);
    for (const { id, directory } of [speaker, oldSpeaker]) {
      const wav = path.join(directory, 'wav', `${schedule}@${at}.wav`);
      const heard = await samplesOf(wav, RATE);
      expect(heard.length / original.length, 'as long as the source').toBeCloseTo(1, 1);
      expect(Math.abs(heard.length - original.length) / RATE).toBeLessThan(0.3);
      expect(correlate(original, heard, RATE / 10).correlation, `${id} played the source`).toBeGreaterThan(
        0.9,
      );
      expect(Math.abs((await loudnessOf(wav)).lufs - -16)).toBeLessThan(1);
    }

    const { params } = { params: { occurrence: `${schedule}@${at}`, device: speaker.id } };
    const detail = await client.call('GET /plays/{occurrence}/{device}', { params });
    expect(detail.records.map(({ end }) => end)).toEqual(['completed']);
    expect(detail.records[0]?.sha256, 'the hash that was planned is the hash that was played').toBe(
      detail.parts[0]?.sha256,
    );
  });

  test('the board’s picture of the notice has lit pixels, and is the one its record names', async () => {
    const { client } = village;
    const { items } = await client.call('GET /plays', {
      query: { from: 0, to: Date.now(), device: board.id },
    });
    const [play] = items;
    if (play === undefined) throw new Error('the board has no line in the log');
    const params = { occurrence: play.occurrence, device: board.id };
    const { records } = await client.call('GET /plays/{occurrence}/{device}', { params });
    const evidence = records.find((record) => record.evidence !== undefined)?.evidence ?? '';
    const answer = await until('the picture to be uploaded', () =>
      client.raw('GET /evidence/{id}', { params: { id: evidence } }).catch(() => null),
    );
    const image = await loadImage(Buffer.from(await answer.arrayBuffer()));
    expect([image.width, image.height]).toEqual([192, 96]);
    const canvas = createCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const lit = data.filter((value, index) => index % 4 < 3 && value > 128).length / 3;
    expect(lit).toBeGreaterThan(300);
  });

  test('the log outlives the programme, and opens in a spreadsheet', async () => {
    const { client } = village;
    for (const { id } of await client.call('GET /schedules'))
      await client.call('DELETE /schedules/{id}', { params: { id } });
    for (const { id } of await client.call('GET /programmes'))
      await client.call('DELETE /programmes/{id}', { params: { id } });
    const { items } = await client.call('GET /plays', { query: { from: 0, to: Date.now() } });
    expect(items.map(({ title }) => title)).toEqual(Array(3).fill('Bản tin thử'));
    const csv = Buffer.from(
      await (await client.raw('GET /plays.csv', { query: { from: 0, to: Date.now() } })).arrayBuffer(),
    );
    expect([...csv.subarray(0, 3)], 'UTF-8 byte order mark').toEqual([0xef, 0xbb, 0xbf]);
    expect(csv.toString('utf8').split('\r\n').filter(Boolean)).toHaveLength(4);
  });

  test('nothing of the controller or the devices complained', async () => {
    expect(village.controller.errors).toEqual([]);
    expect(village.devices.flatMap(({ errors }) => errors)).toEqual([]);
    // A WAV file that can be read is a file that was finished.
    expect((await readFile(source)).subarray(0, 4).toString()).toBe('RIFF');
  });
});
