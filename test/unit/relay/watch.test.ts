import { describe, expect, test } from 'vitest';
import { lost, refused } from '#controller/relay/trouble';
import { type Sign, Watch } from '#controller/relay/watch';

const SILENCE_MS = 15_000;
const usable = { fallback: 'usable', trouble: null } as const;

/** So many ms of one and the same; with what was switched, and after how long. */
function hear(
  watch: Watch,
  ms: number,
  sign: Partial<Sign>,
): { after: number; to: string; reason: string }[] {
  const switches: { after: number; to: string; reason: string }[] = [];
  for (let after = 20; after <= ms; after += 20) {
    const change = watch.step({ frameMs: 20, levelDbfs: -20, ...usable, ...sign });
    if (change !== null) switches.push({ after, to: change.to, reason: change.reason });
  }
  return switches;
}

const onAir = (): Watch => {
  const watch = new Watch(SILENCE_MS);
  hear(watch, 1_000, {});
  return watch;
};

test('the stream is heard as soon as it comes', () => {
  expect(hear(new Watch(SILENCE_MS), 1_000, {})).toEqual([{ after: 20, to: 'stream', reason: 'started' }]);
});

test('a stream that does not come at all is stood in for before people wonder', () => {
  const [change] = hear(new Watch(SILENCE_MS), 10_000, { levelDbfs: null });
  expect(change).toEqual({ after: 3_000, to: 'fallback', reason: 'lost' });
});

test('what may not be opened is not waited for', () => {
  const trouble = refused('private-address', 'no');
  const [change] = hear(new Watch(SILENCE_MS), 10_000, { levelDbfs: null, trouble });
  expect(change).toEqual({ after: 20, to: 'fallback', reason: 'refused' });
});

test('silence counts after so long, and a word in between begins it anew', () => {
  const watch = onAir();
  expect(hear(watch, SILENCE_MS - 20, { levelDbfs: -70 })).toEqual([]);
  expect(hear(watch, 20, { levelDbfs: -30 })).toEqual([]);
  expect(hear(watch, SILENCE_MS, { levelDbfs: -70 })).toEqual([
    { after: SILENCE_MS, to: 'fallback', reason: 'silent' },
  ]);
});

test('a loss is stood in for at once, and says why', () => {
  const watch = onAir();
  const trouble = lost('stalled', 'Nothing more came.');
  expect(hear(watch, 1_000, { levelDbfs: null, trouble })).toEqual([
    { after: 300, to: 'fallback', reason: 'lost' },
  ]);
});

test('a stream that comes back is gone back to when it has been good for some seconds, not before', () => {
  const watch = onAir();
  hear(watch, 1_000, { levelDbfs: null });
  expect(hear(watch, 4_000, {})).toEqual([]);
  hear(watch, 100, { levelDbfs: null });
  expect(hear(watch, 6_000, {})).toEqual([{ after: 5_000, to: 'stream', reason: 'back' }]);
});

test('a stream that stays silent is not gone back to', () => {
  const watch = onAir();
  hear(watch, SILENCE_MS, { levelDbfs: -70 });
  expect(hear(watch, 60_000, { levelDbfs: -70 })).toEqual([]);
  expect(hear(watch, 6_000, {})).toEqual([{ after: 5_000, to: 'stream', reason: 'back' }]);
});

describe('where nothing stands in', () => {
  test('there is silence, and the stream is back the moment that it comes', () => {
    const watch = onAir();
    expect(hear(watch, 1_000, { levelDbfs: null, fallback: 'none' })).toEqual([
      { after: 300, to: 'silence', reason: 'lost' },
    ]);
    expect(hear(watch, 1_000, { fallback: 'none' })).toEqual([{ after: 200, to: 'stream', reason: 'back' }]);
  });
  test('a fallback that cannot be played is told apart', () => {
    const watch = onAir();
    expect(hear(watch, 1_000, { levelDbfs: null, fallback: 'missing' })[0]?.reason).toBe('no-fallback');
    expect(hear(watch, 100, { levelDbfs: null })[0]).toEqual({ after: 20, to: 'fallback', reason: 'lost' });
    expect(hear(watch, 100, { levelDbfs: null, fallback: 'missing' })[0]?.to).toBe('silence');
  });
});
