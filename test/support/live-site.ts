import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { ulid } from 'ulid';
import type { Account } from '#controller/accounts/session';
import { BlobStore } from '#controller/blobs/store';
import { systemClock } from '#controller/clock';
import { Sequence } from '#controller/component';
import { HttpPort } from '#controller/http/server';
import { Library } from '#controller/library/library';
import { LiveHub } from '#controller/live-audio/hub';
import { MicrophoneDoor } from '#controller/live-audio/microphone-door';
import { Recordings } from '#controller/live-audio/recordings';
import { LiveSessions } from '#controller/live-audio/sessions';
import { Policies } from '#controller/policies/policies';
import { EmbeddedSpeech } from '#controller/speech/embedded';
import { openBroadcastSite } from './broadcast-site.ts';
import { silent } from './embedded-broker.ts';
import { PACKAGED } from './recordings.ts';

/** Everything of the controller that a live session passes; who signs in is told by a cookie of the role's name. */
export type LiveSite = Awaited<ReturnType<typeof openLiveSite>>;

/** @param directory and port of an earlier life, to go on from. */
export async function openLiveSite(options: { devices: number; directory?: string; port?: number }) {
  const site = await openBroadcastSite(options);
  const { store, changes, key, broadcasts, directory } = site;
  store.sqlite.exec(`UPDATE device SET capabilities = '{"codecs":["opus"],"live":true}'`);
  const base = { store, clock: systemClock, changes, log: silent };
  const blobs = new BlobStore(path.join(directory, 'blobs'), store);
  const library = new Library({
    ...{ ...base, blobs, programs: PACKAGED, speech: new EmbeddedSpeech() },
    config: {
      ...{ LOA_DATA_DIR: directory, LOA_MEDIA_JOBS: 1 },
      ...{ LOA_MEDIA_MAX_MB: 100, LOA_MEDIA_MAX_MINUTES: 60 },
    },
  });
  const hub = new LiveHub({ ...base, key });
  const policies = new Policies(base);
  const sessions = new LiveSessions({
    ...{ ...base, hub, broadcasts, blobs, policies },
    recordings: new Recordings({ directory: path.join(directory, 'recordings'), log: silent, library }),
    ...{ ffmpeg: PACKAGED.ffmpeg, zone: 'Asia/Ho_Chi_Minh' },
  });
  const microphones = new MicrophoneDoor({
    identify: async ({ headers }) => accountOf(headers.cookie),
    sessions,
  });
  const http = new HttpPort(express(), { host: '127.0.0.1', port: 0 });
  http.onUpgrade(hub.upgrade);
  http.onUpgrade(microphones.upgrade);
  const parts = new Sequence([library, http, hub, sessions, microphones]);
  await parts.start();
  return {
    ...site,
    ...{ library, blobs, hub, sessions, policies, http },
    url: `ws://127.0.0.1:${http.port}`,
    open: (more: Partial<Parameters<LiveSessions['open']>[0]> = {}) =>
      sessions.open({
        ...{ title: null, targets: [{ kind: 'all', id: '' }], resume: 'skip', volume: null },
        ...{ startChime: false, endChime: false, by: 'Cán bộ đài', ...more },
      }),
    /** The directory as a kill at this moment leaves it. */
    copy: async () => {
      const target = await mkdtemp(path.join(tmpdir(), 'loa-live-'));
      // Held back from the disk's point of view only by what SQLite itself keeps in its log, which is copied too.
      await cp(directory, target, { recursive: true });
      return target;
    },
    stop: async () => {
      await parts.stop();
      await site.stop();
    },
  };
}

function accountOf(cookie: string | undefined): Account | null {
  const role = cookie?.replace('-new', '');
  if (role !== 'operator' && role !== 'viewer' && role !== 'technician' && role !== 'administrator')
    return null;
  const mustChangePassword = cookie?.endsWith('-new') ?? false;
  return { id: ulid(), name: role, username: role, role, mustChangePassword };
}
