import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { OpusDecoder } from 'opus-decoder';
import { pino } from 'pino';
import { BlobStore } from '#controller/blobs/store';
import { systemClock } from '#controller/clock';
import { Sequence } from '#controller/component';
import type { Store } from '#controller/database/open';
import { RelayPolicy } from '#controller/http/contract/policies';
import { HttpPort } from '#controller/http/server';
import { LiveHub } from '#controller/live-audio/hub';
import { Policies } from '#controller/policies/policies';
import { type Doorway, systemResolve } from '#controller/relay/connect';
import { RelayKeeper } from '#controller/relay/keeper';
import { Relays } from '#controller/relay/relays';
import type { RelayOrder } from '#controller/relay/run-rows';
import { Sources } from '#controller/relay/sources';
import { idOf, openBroadcastSite } from './broadcast-site.ts';
import { LiveListener } from './live-listener.ts';
import { byHand, PACKAGED } from './recordings.ts';
import { seededCredential } from './seed.ts';

export type RelaySite = Awaited<ReturnType<typeof openRelaySite>>;

/**
 * Everything of the controller that a relay passes, with speakers that hear live sound.
 * @param directory and port of an earlier life, to go on from.
 */
export async function openRelaySite(options: {
  privateHosts: string[];
  devices?: number;
  directory?: string;
  port?: number;
  keeper?: boolean;
}) {
  const { privateHosts, devices = 2, keeper = false, ...life } = options;
  const site = await openBroadcastSite({ devices, ...life });
  const { store, changes, key, broadcasts, directory } = site;
  store.sqlite.exec(`UPDATE device SET capabilities = '{"codecs":["opus"],"live":true}'`);
  const log = pino({ level: process.env.LOG ?? 'silent' });
  const base = { store, clock: systemClock, changes, log };
  const policies = new Policies(base);
  policies.change('relay', RelayPolicy.parse({ privateHosts }), null);
  const doorway: Doorway = { policy: () => policies.read('relay'), resolve: systemResolve };
  const hub = new LiveHub({ ...base, key });
  const blobs = new BlobStore(path.join(directory, 'blobs'), store);
  const sources = new Sources({ ...base, doorway });
  const ffmpeg = PACKAGED.ffmpeg;
  const relays = new Relays({ ...base, blobs, hub, broadcasts, sources, doorway, ffmpeg });
  const relayKeeper = new RelayKeeper({ ...base, relays, broadcasts });
  const http = new HttpPort(express(), { host: '127.0.0.1', port: 0 });
  http.onUpgrade(hub.upgrade);
  const parts = new Sequence([http, hub, relays, ...(keeper ? [relayKeeper] : [])]);
  await parts.start();
  return {
    ...site,
    ...{ relays, keeper: relayKeeper, sources, policies, blobs, doorway, hub },
    /** A stream that may be relayed. */
    source: (url: string, more: { fallbackPlaylistId?: string; silenceMs?: number } = {}) =>
      sources.add(
        { ...{ title: 'Đài tỉnh', url, fallbackPlaylistId: null, silenceMs: 3_000 }, ...more },
        null,
      ),
    /** On everything, for a minute. */
    order: (sourceId: string, more: Partial<RelayOrder> = {}): RelayOrder => ({
      ...{
        sourceId,
        title: 'Tiếp âm',
        targets: [{ kind: 'all', id: '' }],
        priority: 'priority',
        resume: 'join',
      },
      ...{ volume: null, gainDb: 0, endAt: Date.now() + 60_000, occurrence: null, continues: null, by: null },
      ...more,
    }),
    /** A playlist of one sound that is a tone of this frequency. */
    playlist: (id: string, frequency: number) => addPlaylist({ store, blobs, directory }, id, frequency),
    listen: async (broadcast: string, index = 0): Promise<LiveListener> => {
      const bearer = `${idOf(index)}.${seededCredential(idOf(index))}`;
      const url = `ws://127.0.0.1:${http.port}`;
      const join = () => LiveListener.join(url, broadcast, { bearer, publicKey: key.publicKey });
      // A device that listens to two streams at once, as none does, may be asked to wait a moment.
      let listener = await join();
      for (let tries = 0; listener === 429 && tries < 5; tries += 1) {
        await sleep(500);
        listener = await join();
      }
      if (typeof listener === 'number') throw new Error(`the listener was turned away with ${listener}`);
      return listener;
    },
    stop: async () => {
      await parts.stop();
      await site.stop();
    },
  };
}

async function addPlaylist(
  {
    store,
    blobs,
    directory,
  }: { readonly store: Store; readonly blobs: BlobStore; readonly directory: string },
  id: string,
  frequency: number,
): Promise<string> {
  const file = path.join(directory, `${id}.ogg`);
  // As loud as programmes are made.
  const source = `sine=frequency=${frequency}:sample_rate=48000,volume=5dB`;
  await byHand('-f', 'lavfi', '-i', source, '-t', '4', '-ac', '1', '-c:a', 'libopus', '-b:a', '48k', file);
  const copy = `${file}.copy`;
  await copyFile(file, copy);
  const { sha256 } = await blobs.adopt(copy, 'audio/ogg', 0);
  const { sqlite } = store;
  sqlite
    .prepare(
      `INSERT INTO asset (id, title, source, state, duration_ms, opus_sha256, created_at, updated_at)
        VALUES (?, 'Nhạc chờ', 'upload', 'ready', 4000, ?, 0, 0)`,
    )
    .run(`a-${id}`, sha256);
  sqlite
    .prepare('INSERT INTO programme (id, title, asset_id, created_at, updated_at) VALUES (?, ?, ?, 0, 0)')
    .run(`p-${id}`, 'Nhạc chờ', `a-${id}`);
  sqlite
    .prepare('INSERT INTO playlist (id, title, created_at, updated_at) VALUES (?, ?, 0, 0)')
    .run(id, 'Nhạc chờ');
  sqlite
    .prepare('INSERT INTO playlist_item (playlist_id, position, programme_id) VALUES (?, 0, ?)')
    .run(id, `p-${id}`);
  return id;
}

/** What a device hears of its frames: samples at the moments at which they are heard. */
export class Ear {
  readonly #decoder = new OpusDecoder({ channels: 1 });
  readonly #listener: LiveListener;
  readonly #heard: { readonly at: number; readonly samples: Int16Array }[] = [];
  #decoded = 0;

  constructor(listener: LiveListener) {
    this.#listener = listener;
  }

  /** When the last sample that has come so far is heard, epoch ms. */
  async until(): Promise<number> {
    await this.#decode();
    const last = this.#heard.at(-1);
    return last === undefined ? 0 : last.at + last.samples.length / 48;
  }

  /** The samples of `[from, to)`; what did not come is silence. */
  async samples(from: number, to: number): Promise<Int16Array> {
    await this.#decode();
    const all = new Int16Array(Math.max(0, Math.round((to - from) * 48)));
    for (const { at, samples } of this.#heard) {
      const offset = Math.round((at - from) * 48);
      if (offset + samples.length <= 0 || offset >= all.length) continue;
      const part = samples.subarray(Math.max(0, -offset), Math.max(0, all.length - Math.max(0, offset)));
      all.set(part.subarray(0, all.length - Math.max(0, offset)), Math.max(0, offset));
    }
    return all;
  }

  async #decode(): Promise<void> {
    await this.#decoder.ready;
    const { frames } = this.#listener;
    for (; this.#decoded < frames.length; this.#decoded += 1) {
      const frame = frames[this.#decoded];
      if (frame === undefined || frame.packets.length === 0) continue;
      const { channelData } = this.#decoder.decodeFrames([...frame.packets]);
      const [sound = new Float32Array()] = channelData;
      const samples = Int16Array.from(sound, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767);
      this.#heard.push({ at: frame.heardAt, samples });
    }
  }
}
