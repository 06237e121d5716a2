import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GIVE_UP_MS, judge, PATIENCE_MS, type Standing } from '#controller/firmware/judgement';
import { assignStages, stageSizes } from '#controller/firmware/stages';
import { compareVersions } from '#devices/messages/firmware';

const shares = fc
  .uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 4 })
  .map((some) => [...some.sort((a, b) => a - b), 100]);
const fleet = (count: number, online: (index: number) => boolean = () => true) =>
  Array.from({ length: count }, (_, index) => ({ id: `loa-${index}`, online: online(index) }));
const standing = (changes: Partial<Standing>): Standing => ({
  begun: 10,
  committed: 10,
  failed: 0,
  open: 0,
  openAway: 0,
  stageCommitted: 10,
  forMs: 0,
  lastStage: false,
  failureLimitPercent: 10,
  ...changes,
});

test('one device, then a tenth, then the rest', () => {
  expect(stageSizes(50, [0, 10, 100])).toEqual([1, 4, 45]);
  expect(stageSizes(3, [0, 10, 100])).toEqual([1, 0, 2]);
  expect(stageSizes(1, [0, 10, 100])).toEqual([1, 0, 0]);
  expect(stageSizes(200, [0, 10])).toEqual([1, 19]);
});

test('every device has one turn, whatever the stages', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), shares, (count, stages) => {
      const turns = assignStages(fleet(count), stages, 'r1');
      expect(new Set(turns.map(({ id }) => id)).size).toBe(count);
      const sizes = stages.map((_, stage) => turns.filter((turn) => turn.stage === stage).length);
      expect(sizes).toEqual(stageSizes(count, stages));
    }),
  );
});

test('who is there goes first, and the same devices whenever it is asked', () => {
  const some = fleet(100, (index) => index % 4 === 0);
  const turns = assignStages(some, [0, 10, 100], 'r1');
  const online = new Set(some.filter((one) => one.online).map(({ id }) => id));
  expect(turns.slice(0, 25).every(({ id }) => online.has(id))).toBe(true);
  expect(assignStages([...some].reverse(), [0, 10, 100], 'r1')).toEqual(turns);
  expect(assignStages(some, [0, 10, 100], 'r2')).not.toEqual(turns);
});

test('a stage that went well is followed by the next, the last by the end', () => {
  expect(judge(standing({}))).toBe('advance');
  expect(judge(standing({ lastStage: true }))).toBe('done');
  expect(judge(standing({ open: 1, committed: 9 }))).toBe('wait');
});

test('a first device that fails halts it; in a large stage a share of them must', () => {
  expect(judge(standing({ begun: 1, committed: 0, failed: 1 }))).toBe('halt');
  expect(judge(standing({ begun: 100, committed: 0, failed: 1, open: 99 }))).toBe('wait');
  expect(judge(standing({ begun: 100, committed: 3, failed: 2, open: 95 }))).toBe('halt');
  expect(judge(standing({ begun: 100, committed: 90, failed: 10 }))).toBe('advance');
  expect(judge(standing({ begun: 100, committed: 89, failed: 11 }))).toBe('halt');
  expect(judge(standing({ begun: 100, committed: 50, failed: 50, failureLimitPercent: 100 }))).toBe(
    'advance',
  );
});

test('devices that are away hold nobody up for ever, and prove nothing', () => {
  const away = { open: 2, openAway: 2 };
  expect(judge(standing({ ...away, forMs: PATIENCE_MS - 1 }))).toBe('wait');
  expect(judge(standing({ ...away, forMs: PATIENCE_MS }))).toBe('advance');
  expect(judge(standing({ ...away, forMs: PATIENCE_MS, openAway: 1 })), 'one is there and at it').toBe(
    'wait',
  );
  expect(judge(standing({ ...away, forMs: PATIENCE_MS, stageCommitted: 0 }))).toBe('substitute');
  expect(judge(standing({ ...away, forMs: PATIENCE_MS, lastStage: true })), 'they may still come back').toBe(
    'wait',
  );
  expect(judge(standing({ ...away, forMs: GIVE_UP_MS, lastStage: true }))).toBe('done');
});

test('versions are compared as people count, not as text', () => {
  const ascending = ['0.9', '0.10', '1', '1.0.1', '1.2', '1.10.0', '1.10.0.1', '2.0'];
  for (const [index, version] of ascending.entries()) {
    for (const [other, than] of ascending.entries()) {
      expect(Math.sign(compareVersions(version, than)), `${version} and ${than}`).toBe(
        Math.sign(index - other),
      );
    }
  }
  expect(compareVersions('1.0', '1.0.0.0')).toBe(0);
});
