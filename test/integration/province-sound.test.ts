import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#controller/clock';
import { Library } from '#controller/library/library';
import { EmbeddedSpeech } from '#controller/speech/embedded';
import { type AlertSite, listening, openAlertSite } from '../support/alert-site.ts';
import { silent } from '../support/embedded-broker.ts';
import { PACKAGED, synthetic } from '../support/recordings.ts';
import { until } from '../support/until.ts';

const NOW = Date.UTC(2026, 10, 24, 1);
const BY = { id: 'u-huong', name: 'Hường' };
let site: AlertSite;
let library: Library;
let server: Server;
let host = '';
let sound: string | null = null;

beforeAll(async () => {
  site = await openAlertSite({
    at: NOW,
    library: ({ store, changes, blobs, directory }) => {
      library = new Library({
        ...{ store, changes, blobs, log: silent, clock: systemClock, speech: new EmbeddedSpeech() },
        programs: PACKAGED,
        config: {
          ...{ LOA_DATA_DIR: directory, LOA_MEDIA_MAX_MB: 64, LOA_MEDIA_MAX_MINUTES: 60, LOA_MEDIA_JOBS: 1 },
        },
      });
      return library;
    },
  });
  await library.start();
  server = await listening(
    express().use((_request, response) => {
      if (sound === null) response.sendStatus(404);
      else response.sendFile(sound);
    }),
  );
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await library.stop();
  await site.stop();
});

const send = async (externalId: string, change: Record<string, unknown>) => {
  const body = {
    action: 'publish',
    externalId,
    revision: 1,
    level: 'normal',
    title: 'Tin của tỉnh',
    ...change,
  };
  expect((await site.province(body)).status).toBe(200);
  const found = () =>
    site.bulletins.rows.page({ limit: 50 }).items.find((each) => each.externalId === externalId);
  return () => {
    const bulletin = found();
    if (bulletin === undefined) throw new Error(`no bulletin ${externalId}`);
    return bulletin;
  };
};
const schedule = (id: string, minutes: number) =>
  site.bulletins.schedule(
    id,
    { at: NOW + minutes * 60_000, targets: [{ kind: 'all', id: '' }], choice: null },
    BY,
  );

test('a text is spoken by the library, and scheduled as soon as its length is known', async () => {
  const bulletin = await send('CHU', { text: 'Mời bà con đi tiêm chủng.' });
  const { scheduleId } = await schedule(bulletin().id, 60);
  expect(bulletin().state).toBe('scheduled');
  expect(site.schedules.get(scheduleId ?? '').durationMs).toBeGreaterThan(1_000);
  expect(library.asset(bulletin().assetId ?? '')).toMatchObject({ source: 'speech', state: 'ready' });
});

test('a sound is fetched from where the administrator allows it, and is what is played', async () => {
  sound = await synthetic(path.join(site.directory, 'ban-tin.wav'), 'sine=frequency=440:duration=3', []);
  site.policies.change('relay', { hosts: [], privateHosts: [host] }, null);
  const bulletin = await send('TIENG', { audioUrl: `http://${host}/ban-tin.wav`, text: null });
  await until('the sound to be fetched', () => bulletin().assetId !== null);
  await schedule(bulletin().id, 120);
  expect(library.asset(bulletin().assetId ?? '')).toMatchObject({ source: 'upload', state: 'ready' });
});

test('a sound from elsewhere is not fetched; its text stands in, and without one there is nothing to take on', async () => {
  site.policies.change('relay', { hosts: [], privateHosts: [] }, null);
  const silentOne = await send('CAM', { audioUrl: `http://${host}/ban-tin.wav` });
  await until('the fetching to fail', () => silentOne().reason === 'sound-not-fetched');
  await expect(site.bulletins.accept(silentOne().id, BY)).rejects.toMatchObject({
    code: 'sound-not-fetched',
  });
  const spoken = await send('THAY', { audioUrl: `http://${host}/ban-tin.wav`, text: 'Có chữ thay tiếng.' });
  await site.bulletins.accept(spoken().id, BY);
  expect(library.asset(spoken().assetId ?? '').source).toBe('speech');
});
