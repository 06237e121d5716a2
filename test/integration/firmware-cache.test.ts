import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { Cache } from '#firmware-sim/cache';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loa-cache-'));
  return () => rm(dir, { recursive: true, force: true });
});

/** A cache with files of these sizes, the first the oldest. @returns their names too. */
async function cacheOf(limitBytes: number | undefined, ...sizes: number[]) {
  const cache = new Cache(dir, limitBytes);
  await cache.open();
  const names: string[] = [];
  for (const [index, size] of sizes.entries()) {
    const bytes = randomBytes(size);
    const name = createHash('sha256').update(bytes).digest('hex');
    await writeFile(cache.path(name), bytes);
    await utimes(cache.path(name), 1_000 + index, 1_000 + index);
    names.push(name);
  }
  const left = async () => {
    const there = new Set(await readdir(join(dir, 'blobs')));
    return names.flatMap((name, index) => (there.has(name) ? [index] : []));
  };
  return { cache, names, left };
}

test('what no plan names goes; what one names stays, however old', async () => {
  const { cache, names, left } = await cacheOf(undefined, 100, 100, 100);
  await cache.keepOnly(new Set([names[0] ?? '']));
  expect(await left()).toEqual([0]);
});

test('within its share of the disk a cache keeps what may come back, and lets the oldest go first', async () => {
  const { cache, names, left } = await cacheOf(350, 100, 100, 100, 100);
  await cache.keepOnly(new Set([names[0] ?? '']));
  expect(await left()).toEqual([0, 2, 3]);
  await cache.keepOnly(new Set([names[0] ?? '']), 150);
  expect(await left()).toEqual([0, 3]);
});

test('what plans name is never let go, though it is more than the share', async () => {
  const { cache, names, left } = await cacheOf(150, 100, 100, 100);
  await cache.keepOnly(new Set(names), 1_000_000);
  expect(await left()).toEqual([0, 1, 2]);
});

test('what was begun of a file that nobody wants any more goes too', async () => {
  const { cache, names } = await cacheOf(undefined, 10);
  await writeFile(join(dir, 'blobs', `${'b'.repeat(64)}.part`), 'begun');
  await writeFile(join(dir, 'blobs', `${'c'.repeat(64)}.part`), 'begun');
  await cache.keepOnly(new Set([...names, 'c'.repeat(64)]));
  expect((await readdir(join(dir, 'blobs'))).sort()).toEqual([...names, `${'c'.repeat(64)}.part`].sort());
});
