import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Choir, crystals } from '../support/choir.ts';
import { momentsOf, pairsOf } from '../support/recording.ts';

/** The benchmark measures it; here a speaker that is not in step at all is to be found on any machine. */
const TOGETHER_MS = 10;
const SECONDS = 30;
let choir: Choir;

beforeAll(async () => {
  choir = await Choir.assemble(crystals(4));
});
afterAll(() => choir.disperse());

test('speakers with clocks that are hours off and drift sound together, also the one whose power went meanwhile', async () => {
  const { recordings } = await choir.sing(SECONDS, 25_000, async (at) => {
    await sleep(at + 6_000 - Date.now());
    await choir.powerCut(3);
  });
  const others = recordings.slice(0, 3);
  for (const second of [2, 12, 22]) {
    expect(Math.max(...pairsOf(momentsOf(others, second * 48_000, 60)))).toBeLessThan(TOGETHER_MS);
  }
  // Of what was before the cut nothing is left: the recording begins where the speaker joined again.
  expect(recordings[3]?.samples.length).toBeLessThan((SECONDS - 6) * 48_000);
  expect(Math.max(...pairsOf(momentsOf(recordings, (SECONDS - 4) * 48_000, 60)))).toBeLessThan(TOGETHER_MS);
});
