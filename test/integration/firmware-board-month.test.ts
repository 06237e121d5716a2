import { expect, test } from 'vitest';
import { monthOffline } from '../support/board-month.ts';

test('days without a link: every page stands at its time, and no record is lost or doubled', {
  timeout: 120_000,
}, async () => {
  const month = await monthOffline(2);
  expect(month.turnsDue).toBeGreaterThan(5_000);
  expect(month.turnsRight).toBe(month.turnsDue);
  expect(month.recordsCame).toBe(month.recordsKept);
  expect(month.recordsTwice).toBe(0);
  expect(month.missed).toBe(0);
  expect(month.shownShare).toBeCloseTo(1, 6);
  // One record a part and stretch: a loop of three parts is interrupted three times a day.
  expect(month.recordsCame).toBe(2 * (3 * 4 + 4));
  expect(month.pictures).toBeLessThanOrEqual(21);
});
