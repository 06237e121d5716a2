import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { BlobStore } from '#controller/blobs/store';
import { Compiler } from '#controller/boards/compiler';
import type { Fitter } from '#controller/boards/fitter';
import { Changes } from '#controller/changes';
import { silent } from '../support/embedded-broker.ts';
import { storeWithDevices } from '../support/registry-store.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A composition of one picture that is three units wide, and boards of 192 × 96 and 16 × 16. */
async function world() {
  const directory = await mkdtemp(path.join(tmpdir(), 'loa-compile-'));
  ends.push(() => rm(directory, { recursive: true, force: true }));
  const { store, ids } = storeWithDevices(2);
  ends.push(async () => store.close());
  for (const [index, size] of ['"width":192,"height":96', '"width":16,"height":16'].entries()) {
    store.sqlite
      .prepare("UPDATE device SET kind = 'board', capabilities = ? WHERE id = ?")
      .run(`{"panel":{${size},"pitchMm":5}}`, ids[index]);
  }
  const blobs = new BlobStore(path.join(directory, 'blobs'), store);
  const asked: string[] = [];
  let held = false;
  const fitter: Fitter = {
    async fit(visual, { width, height }) {
      asked.push(`${visual} ${width}×${height}`);
      if (asked.length > 20) throw new Error('it is made without end');
      if (held) return new Promise(() => {});
      const { sha256, bytes } = await blobs.put(Buffer.from(`${width}×${height}`), 'image/png', 0);
      return { sha256, bytes, type: 'image/png', width, height };
    },
  };
  const item = { type: 'image', visual: 'v1', files: [], alt: 'Vạch', fit: 'contain' };
  const scene = {
    ...{ v: 2, language: 'vi', grid: { width: 192, height: 96 } },
    pages: [{ zones: [{ rectangle: { x: 0, y: 0, width: 3, height: 96 }, item }] }],
  };
  const compose = (id: string, board: object) =>
    store.sqlite
      .prepare(
        `INSERT INTO programme (id, title, board, board_state, notice_duration_ms, created_at, updated_at)
          VALUES (?, ?, ?, 'making', 60000, 0, 0)`,
      )
      .run(id, id, JSON.stringify(board));
  const format = { width: 192, height: 96, pitchMm: 5 };
  const changes = new Changes();
  const compiler = new Compiler({
    ...{ store, changes, blobs, fitter, log: silent },
    clock: { now: () => Date.now() },
  });
  const hold = () => {
    held = true;
  };
  const stateOf = (id: string) =>
    store.sqlite.prepare('SELECT board_state FROM programme WHERE id = ?').pluck().get(id);
  return {
    compiler,
    hold,
    asked,
    stateOf,
    compose,
    composed: { scene, format, template: null, durationMs: 60_000 },
  };
}

test('a picture that is too narrow for one of the boards is made for the others, and not again and again', async () => {
  const { compiler, asked, stateOf, compose, composed } = await world();
  compose('p1', composed);
  await compiler.start();
  ends.push(() => compiler.stop());
  await compiler.idle();
  expect(stateOf('p1')).toBe('ready');
  expect(new Set(asked)).toEqual(new Set(['v1 3×96']));
  expect(asked.length).toBeLessThanOrEqual(2);
});

test('the program stops while a film is being made, and its next life makes it', async () => {
  const { compiler, stateOf, compose, composed, hold } = await world();
  hold();
  compose('p1', composed);
  await compiler.start();
  await compiler.stop();
  expect(stateOf('p1')).toBe('making');
});

test('a composition that cannot be understood fails by itself, and the next one is made', async () => {
  const { compiler, stateOf, compose, composed } = await world();
  compose('p1', { scene: { v: 99 } });
  compose('p2', composed);
  await compiler.start();
  ends.push(() => compiler.stop());
  await compiler.idle();
  expect(stateOf('p1')).toBe('failed');
  expect(stateOf('p2')).toBe('ready');
});
