import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AssetState } from '#controller/http/contract/library';
import { LibrarySite } from '../support/library-site.ts';
import { speechFile } from '../support/recordings.ts';
import { until } from '../support/until.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-restart-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const row = (id: string, state: 'receiving' | 'queued') =>
  ({
    id,
    title: id,
    filename: `${id}.wav`,
    source: 'upload',
    language: 'vi',
    text: null,
    state,
    created_by: null,
  }) as const;

/** The state a killed controller leaves: rows, and what lies in `incoming`. */
async function killedWith(
  rows: readonly { id: string; state: AssetState; file: string | null }[],
): Promise<void> {
  const site = await LibrarySite.prepare({ directory });
  for (const { id, state, file } of rows) {
    site.library.rows.insert(row(id, 'queued'), 1);
    site.library.rows.change(id, { state }, 1);
    if (file === null) continue;
    await mkdir(path.join(directory, 'incoming', id), { recursive: true });
    await copyFile(file, path.join(directory, 'incoming', id, 'source'));
    await writeFile(path.join(directory, 'incoming', id, 'rendition.ogg'), 'half of it');
  }
  await site.store.close();
}

describe('a restart loses no file that had arrived, and keeps none that had not', () => {
  test('what was being worked on, or waited, is finished', async () => {
    const voice = await speechFile(path.join(directory, 'voice.wav'), { seconds: 3 });
    await killedWith([
      { id: 'worked', state: 'working', file: voice },
      { id: 'waited', state: 'queued', file: voice },
    ]);
    const site = await LibrarySite.start({ directory });
    expect((await site.settled('worked')).state).toBe('ready');
    expect((await site.settled('waited')).state).toBe('ready');
    await site.stop();
  });

  test('what was still arriving, or is no longer there, is refused as interrupted', async () => {
    const voice = await speechFile(path.join(directory, 'voice.wav'), { seconds: 3 });
    await killedWith([
      { id: 'arriving', state: 'receiving', file: voice },
      { id: 'vanished', state: 'working', file: null },
    ]);
    await mkdir(path.join(directory, 'incoming', 'nobody'), { recursive: true });
    const site = await LibrarySite.start({ directory });
    for (const id of ['arriving', 'vanished']) {
      expect(site.asset(id)).toMatchObject({ state: 'refused', refusal: { code: 'interrupted' } });
    }
    await site.settled('chime-default');
    await site.settled('siren-default');
    await until('the work to be cleared away', async () => (await site.leftovers()).length === 0);
    await site.stop();
  });

  test('a stop in the middle of encoding goes on at the next start', async () => {
    const voice = await speechFile(path.join(directory, 'long.wav'), { seconds: 25 });
    const first = await LibrarySite.start({ directory });
    await first.settled('chime-default');
    await first.settled('siren-default');
    const id = await first.library.upload(createReadStream(voice), {
      filename: 'long.wav',
      language: 'vi',
      expectedBytes: undefined,
      by: null,
    });
    await until('encoding', () => first.asset(id).stage === 'encoding');
    await first.close();
    const second = await LibrarySite.start({ directory });
    const asset = await second.settled(id);
    expect(asset.state).toBe('ready');
    expect(Math.abs((asset.durationMs ?? 0) - 25_000)).toBeLessThan(50);
    await second.stop();
  });

  test('a siren is there from the first start, as loud as everything else', async () => {
    const site = await LibrarySite.start({ directory });
    const siren = await site.settled('siren-default');
    expect(siren).toMatchObject({ state: 'ready', source: 'siren', title: 'Còi báo động' });
    expect(siren.durationMs).toBeGreaterThan(6_000);
    expect(siren.durationMs).toBeLessThan(8_000);
    expect(siren.loudnessLufs).toBeGreaterThan(-17.5);
    expect(siren.loudnessLufs).toBeLessThan(-14.5);
    await site.stop();
  });

  test('the start chime is there from the first start, once', async () => {
    const first = await LibrarySite.start({ directory });
    const chime = await first.settled('chime-default');
    expect(chime).toMatchObject({ state: 'ready', source: 'chime', title: 'Nhạc hiệu' });
    expect(chime.durationMs).toBeGreaterThan(2_000);
    expect(chime.durationMs).toBeLessThan(4_000);
    await first.library.remove('chime-default');
    await first.settled('siren-default');
    await first.close();
    const second = await LibrarySite.start({ directory });
    const there = second.library.rows.list({}).map(({ id }) => id);
    expect(there, 'who removed it does not want it back').toEqual(['siren-default']);
    await second.stop();
  });
});
