import { describe, expect, test } from 'vitest';
import { moved } from '../../web-console/pages/schedules/draft.ts';
import { placeIn } from '../../web-console/words/place.ts';
import { matches } from '../../web-console/words/search.ts';

describe('the wall clock of the site, whatever zone the reader is in', () => {
  test('a day in Phù Vân begins at 17:00 UTC the day before', () => {
    const place = placeIn('Asia/Ho_Chi_Minh');
    const midnight = place.instant('2026-11-24');
    expect(new Date(midnight).toISOString()).toBe('2026-11-23T17:00:00.000Z');
    expect(place.dateOf(midnight)).toBe('2026-11-24');
    expect(place.dateOf(midnight - 1)).toBe('2026-11-23');
    expect(place.minuteOf(place.instant('2026-11-24', '06:05'))).toBe(365);
  });

  test('a date on the calendar stays the same date over a daylight-saving change', () => {
    const place = placeIn('Europe/Berlin');
    for (let date = '2026-03-25'; date <= '2026-11-01'; date = place.plusDays(date, 1)) {
      expect(place.dateOf(place.instant(date))).toBe(date);
      expect(place.minuteOf(place.instant(date, '06:00'))).toBe(360);
    }
    const lengthOf = (date: string) =>
      (place.instant(place.plusDays(date, 1)) - place.instant(date)) / 3_600_000;
    expect([lengthOf('2026-03-29'), lengthOf('2026-10-25')]).toEqual([23, 25]);
  });

  test('weeks begin on Monday and end on Sunday', () => {
    const place = placeIn('Asia/Ho_Chi_Minh');
    expect(['2026-11-23', '2026-11-28', '2026-11-29'].map((date) => place.weekdayOf(date))).toEqual([
      1, 6, 7,
    ]);
  });
});

test('a name is found by what people type on a phone: without marks, in any order', () => {
  expect(matches('ban tin', 'Bản tin sáng')).toBe(true);
  expect(matches('sang duong', 'Bản tin sáng', 'Ngõ 12 đường Lê Chân')).toBe(true);
  expect(matches('trưa', 'Bản tin sáng')).toBe(false);
});

test('moving a schedule by some minutes moves every time of it and stays within the day', () => {
  expect(moved(['05:38', '17:00:30'], 4)).toEqual(['05:42', '17:04:30']);
  expect(moved(['23:58'], 10)).toEqual(['23:59']);
  expect(moved(['00:02'], -10)).toEqual(['00:00']);
});
