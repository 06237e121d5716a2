import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContentItem, layOut } from '#schedules/content';
import { startsIn } from '#schedules/occurrences';
import { findOverlaps, type Overlap } from '#schedules/overlaps';
import type { TargetedSchedule } from '#schedules/schedule';
import { DAY, daily, HOUR, type Made, MINUTE, made, notice, sound } from './made.ts';

const from = Date.parse('2026-11-23T17:00Z');
const week = { from, to: from + 7 * DAY };
const only = (found: Overlap[]): Overlap => {
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe('an overlap is found and explained before it is heard', () => {
  const news = made('news', {
    rule: daily('05:54'),
    minutes: 10,
    devices: ['cluster-1', 'cluster-2', 'cluster-3'],
  });
  const bulletin = made('bulletin', {
    rule: daily('06:00'),
    minutes: 5,
    devices: ['cluster-3', 'cluster-4'],
  });

  it('says when, for how long, on which devices, who is heard, and how often', () => {
    expect(only(findOverlaps(bulletin, [news], week))).toEqual({
      earlier: { id: 'news', title: 'Schedule news' },
      later: { id: 'bulletin', title: 'Schedule bulletin' },
      winner: 'news',
      loser: 'bulletin',
      effect: 'delayed',
      self: false,
      devices: ['cluster-3'],
      first: {
        earlierStartAt: Date.parse('2026-11-23T22:54Z'),
        earlierEndAt: Date.parse('2026-11-23T23:04Z'),
        laterStartAt: Date.parse('2026-11-23T23:00Z'),
        laterEndAt: Date.parse('2026-11-23T23:05Z'),
        overlapMs: 4 * MINUTE,
      },
      last: expect.objectContaining({ laterStartAt: Date.parse('2026-11-29T23:00Z') }),
      count: 7,
      longestMs: 4 * MINUTE,
    });
  });

  it('tells the same, whichever of the two is being edited', () => {
    expect(findOverlaps(news, [bulletin], week)).toEqual(findOverlaps(bulletin, [news], week));
  });

  it.each([
    ['a more urgent one interrupts', { priority: 'priority' as const }, {}, 'bulletin', 'interrupted'],
    ['a less urgent one waits', { priority: 'background' as const }, {}, 'news', 'delayed'],
    ['one that may not be late is refused', { maxLatenessMs: MINUTE }, {}, 'news', 'refused'],
    ['one that would be over by then is refused', { minutes: 4 }, {}, 'news', 'refused'],
    [
      'the latest emergency wins',
      { priority: 'emergency' as const },
      { priority: 'emergency' as const },
      'bulletin',
      'interrupted',
    ],
  ])('%s', (_what, later: Partial<Made>, earlier: Partial<Made>, winner, effect) => {
    const one = made('bulletin', { rule: daily('06:00'), ...later });
    const other = made('news', { rule: daily('05:54'), ...earlier });
    expect(only(findOverlaps(one, [other], week))).toMatchObject({ winner, effect });
  });

  it('tells of two that start together which one is heard', () => {
    const one = made('a', { rule: daily('06:00') });
    const other = made('b', { rule: daily('06:00'), priority: 'priority', minutes: 3 });
    expect(only(findOverlaps(one, [other], week))).toMatchObject({
      earlier: { id: 'b' },
      winner: 'b',
      loser: 'a',
      effect: 'delayed',
    });
  });

  it('does not cry wolf when one ends as the other starts, or when no device has both', () => {
    expect(
      findOverlaps(made('a', { rule: daily('06:00') }), [made('b', { rule: daily('06:10') })], week),
    ).toEqual([]);
    const elsewhere = made('b', { rule: daily('06:05'), devices: ['speaker-2'] });
    expect(findOverlaps(made('a', { rule: daily('06:00') }), [elsewhere], week)).toEqual([]);
  });

  it('finds one across midnight, also where the window begins in the middle of it', () => {
    const late = made('late', { rule: daily('23:30'), minutes: 90 });
    const night = made('night', { rule: daily('00:45') });
    const atMidnight = { from: Date.parse('2026-11-24T17:00Z'), to: Date.parse('2026-11-24T18:00Z') };
    expect(only(findOverlaps(night, [late], atMidnight))).toMatchObject({ count: 1, longestMs: 10 * MINUTE });
    expect(only(findOverlaps(late, [night], atMidnight))).toMatchObject({ count: 1, longestMs: 10 * MINUTE });
    expect(findOverlaps(late, [made('day', { rule: daily('12:00') })], atMidnight)).toEqual([]);
  });

  it('finds a schedule that repeats before it has ended', () => {
    const repeat = { count: 4, gapMs: MINUTE };
    const content = layOut({ chime: null, items: [sound('x', 5)], repeat });
    const hasty = made('hasty', { rule: daily('06:00', '06:20'), content });
    expect(only(findOverlaps(hasty, [], week))).toMatchObject({
      self: true,
      count: 7,
      longestMs: 3 * MINUTE,
    });
  });

  it('does not hold a notice on the boards against a song on the speakers, where both are meant for all', () => {
    const devices = ['speaker-1', 'board-1'];
    const laid = (...items: ContentItem[]) => layOut({ chime: null, items, repeat: { count: 1, gapMs: 0 } });
    const shown = made('shown', { rule: daily('06:00'), content: laid(notice('n', 10)), devices });
    const heard = made('heard', { rule: daily('06:05'), content: laid(sound('s', 10)), devices });
    const both = made('both', {
      rule: daily('06:08'),
      content: laid({ ...notice('b', 10), audio: sound('b', 1).audio }),
      devices,
    });
    const kindOf = (device: string) => (device === 'board-1' ? 'board' : 'speaker');
    expect(findOverlaps(shown, [heard], week)).toEqual([]);
    expect(only(findOverlaps(both, [heard], week, from, kindOf)).devices).toEqual(['speaker-1']);
    expect(only(findOverlaps(shown, [both], week, from, kindOf)).devices).toEqual(['board-1']);
  });

  it('does not compare a schedule with its own older version, nor with what is over', () => {
    expect(findOverlaps(bulletin, [{ ...news, id: 'bulletin' }], week)).toEqual([]);
    const over = { from: week.from, to: week.from + DAY };
    expect(findOverlaps(bulletin, [news], over, week.from + 12 * HOUR)).toEqual([]);
  });
});

describe('the sweep finds what comparing everything with everything finds', () => {
  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '10', '15', '30', '50'))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
  const schedule = fc.record({
    times: fc.array(clock, { minLength: 1, maxLength: 6 }),
    minutes: fc.integer({ min: 1, max: 200 }),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    devices: fc.subarray(['d1', 'd2', 'd3']),
    priority: fc.constantFrom('priority' as const, 'scheduled' as const, 'background' as const),
    zone: fc.constantFrom('Asia/Ho_Chi_Minh', 'Europe/Berlin'),
  });

  it('in number, total and devices', () => {
    fc.assert(
      fc.property(fc.array(schedule, { minLength: 2, maxLength: 5 }), (specs) => {
        const [candidate, ...others] = specs.map(({ times, weekdays, ...spec }, index) =>
          made(`s${index}`, { rule: { kind: 'weekly', times, weekdays }, ...spec }),
        ) as [TargetedSchedule, ...TargetedSchedule[]];
        const found = findOverlaps(candidate, others, week);
        for (const other of others) {
          const pair = found.filter(({ earlier, later }) => [earlier.id, later.id].includes(other.id));
          const common = [...candidate.devices].filter((device) => other.devices.has(device)).sort();
          let count = 0;
          // An occurrence of the candidate that begins after the window is not the window's business.
          for (const a of airings(candidate).filter(({ start }) => start < week.to)) {
            for (const b of airings(other)) if (a.start < b.end && b.start < a.end) count += 1;
          }
          expect(pair.reduce((sum, each) => sum + each.count, 0)).toBe(common.length > 0 ? count : 0);
          for (const each of pair) expect(each.devices).toEqual(common);
        }
      }),
    );

    function airings({ timetable, content }: TargetedSchedule) {
      return startsIn(timetable, { from: week.from - DAY, to: week.to + DAY })
        .map((start) => ({ start, end: start + content.durationMs }))
        .filter(({ end }) => end > week.from);
    }
  });
});
