import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { account } from '../support/kill-account.ts';
import { killRun } from '../support/kill-run.ts';

/** The short form of `npm run bench -- kills`. */
test('no play is lost or told twice, whenever the power goes, for speakers or the controller', async () => {
  const scene = await killRun({ kills: 6, devices: 3, seed: 7, everyMs: 3_000 });
  const found = await account(scene);
  expect(found.stretches, 'something was heard').toBeGreaterThan(3);
  expect(found.lost, 'sound without a record').toEqual([]);
  expect(found.doubled, 'records without a sound of their own').toEqual([]);
  expect(found.unexplained, 'misses that no power cut explains').toEqual([]);
  await rm(scene.village.directory, { recursive: true, force: true });
});
