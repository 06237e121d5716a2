import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { BlobStore } from '#controller/blobs/store';
import { Changes } from '#controller/changes';
import { Fitting } from '#controller/visuals/fitting';
import { Lane } from '#controller/visuals/lane';
import { Painter } from '#controller/visuals/painter';
import type { VisualRow } from '#controller/visuals/visual-rows';
import { storeWithDevices } from '../support/registry-store.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('the program stops while a film for a board waits behind another one that takes minutes', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'loa-fits-'));
  ends.push(() => rm(directory, { recursive: true, force: true }));
  const { store } = storeWithDevices(0);
  ends.push(async () => store.close());
  const films = new Lane(10);
  let over = (): void => {};
  const before = films.do(
    () =>
      new Promise<void>((resolve) => {
        over = resolve;
      }),
  );
  ends.push(async () => {
    over();
    await before;
  });
  const film = { id: 'v1', kind: 'video', state: 'ready', source_sha256: '0'.repeat(64), title: 'Phim' };
  const fitting = new Fitting({
    ...{ store, films, changes: new Changes(), painter: new Painter(), clock: { now: () => Date.now() } },
    blobs: new BlobStore(path.join(directory, 'blobs'), store),
    programs: { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' },
    incoming: path.join(directory, 'incoming'),
    visual: () => film as VisualRow,
  });
  await fitting.start();
  const asked = fitting.fit('v1', { width: 192, height: 96 }, 'contain');
  const told = expect(asked).rejects.toMatchObject({ code: 'stopping', status: 503 });
  await fitting.stop();
  await told;
  expect(fitting.isIdle).toBe(true);
});
