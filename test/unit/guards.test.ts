import { describe, expect, test } from 'vitest';
import { type Guarded, type Guards, guardAgainst, mayBegin, silencedBy } from '#devices/guards';
import { volumeAt } from '#devices/volume';

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 10, 24);
const at = (time: string): number => {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return MIDNIGHT + hour * HOUR + minute * 60_000 + second * 1_000;
};
/** Of a village seven hours ahead of UTC: 05:00–11:30 and 13:30–21:00. */
const VILLAGE: Guards = {
  allowed: [
    { from: 22 * 60, until: 4 * 60 + 30 },
    { from: 6 * 60 + 30, until: 14 * 60 },
  ],
};
const bulletin = (change: Partial<Guarded> = {}): Guarded => ({
  priority: 'scheduled',
  startAt: at('12:00'),
  endAt: at('12:10'),
  parts: [{ role: 'chime' }, { role: 'programme' }],
  ...change,
});

describe('nobody is woken by what is not urgent', () => {
  test.each([
    ['21:59:59', false],
    ['21:59:59.999', false],
    ['22:00', true],
    ['23:59:59', true],
    ['00:00', true],
    ['04:29:59', true],
    ['04:30', false],
    ['06:29:59', false],
    ['06:30', true],
    ['13:59:59', true],
    ['14:00', false],
  ])('at %s UTC it may begin: %s', (time, allowed) => {
    expect(mayBegin(VILLAGE, at(time))).toBe(allowed);
    const reason = guardAgainst(VILLAGE, bulletin({ startAt: at(time), endAt: at(time) + 60_000 }));
    expect(reason).toBe(allowed ? null : 'quiet-hours');
  });

  test.each(['live', 'priority', 'scheduled', 'background'] as const)(
    'a %s item waits for the day',
    (priority) => {
      expect(guardAgainst(VILLAGE, bulletin({ priority, startAt: at('20:15') }))).toBe('quiet-hours');
    },
  );

  test('an emergency is above quiet hours, mourning and length, but not above the volume limit', () => {
    const guards: Guards = {
      ...{ allowed: [], longestMs: 1_000, loudest: 60 },
      mourning: [{ from: MIDNIGHT, until: MIDNIGHT + 24 * HOUR }],
    };
    const parts = [{ role: 'programme' as const, music: true as const }];
    const emergency = bulletin({ priority: 'emergency', startAt: at('20:15'), endAt: at('23:15'), parts });
    expect(guardAgainst(guards, emergency)).toBeNull();
    expect(silencedBy(guards, emergency, { music: true })).toBe(false);
    expect(volumeAt({ volume: 100, guards }, at('20:15'))).toBe(60);
  });

  test('a site without guards, or with hours that nobody set, plays at any time; with none allowed, never', () => {
    expect(guardAgainst({}, bulletin({ startAt: at('20:15') }))).toBeNull();
    expect(guardAgainst({ allowed: [] }, bulletin())).toBe('quiet-hours');
  });
});

describe('a day of mourning', () => {
  const mourning: Guards = { mourning: [{ from: MIDNIGHT, until: MIDNIGHT + 24 * HOUR }] };
  const song = { role: 'programme', music: true } as const;

  test('silences music, and what is nothing but music and its chime', () => {
    expect(guardAgainst(mourning, bulletin({ parts: [{ role: 'chime' }, song] }))).toBe('mourning-day');
    expect(silencedBy(mourning, bulletin(), song)).toBe(true);
  });

  test('leaves speech, and speech among songs', () => {
    expect(guardAgainst(mourning, bulletin())).toBeNull();
    expect(guardAgainst(mourning, bulletin({ parts: [song, { role: 'programme' }] }))).toBeNull();
    expect(silencedBy(mourning, bulletin(), {})).toBe(false);
  });

  test('begins and ends with its midnights', () => {
    const on = (startAt: number) => silencedBy(mourning, { priority: 'scheduled', startAt }, song);
    expect([MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 24 * HOUR - 1, MIDNIGHT + 24 * HOUR].map(on)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

test('what lasts longer than allowed is told as too long; just as long is not', () => {
  const longest: Guards = { longestMs: 600_000 };
  expect(guardAgainst(longest, bulletin({ endAt: at('12:10') }))).toBeNull();
  expect(guardAgainst(longest, bulletin({ endAt: at('12:10') + 1 }))).toBe('too-long');
});

test('the volume of every step stays below the limit, and what is softer stays as it is', () => {
  const guards: Guards = { loudest: 70 };
  const volumeSteps = [
    { minute: 0, volume: 40 },
    { minute: 720, volume: 90 },
  ];
  expect(volumeAt({ volume: 100, volumeSteps, guards }, at('11:59'))).toBe(40);
  expect(volumeAt({ volume: 100, volumeSteps, guards }, at('12:00'))).toBe(70);
  expect(volumeAt({ volume: 100, guards }, at('12:00'))).toBe(70);
  expect(volumeAt({ volume: 100 }, at('12:00'))).toBe(100);
});
