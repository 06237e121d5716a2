import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { isZone, zoneOf } from '#schedules/zone';

const ZONES = [
  'Asia/Ho_Chi_Minh',
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Antarctica/Troll',
  'UTC',
];

/** Instants of a century, half of them within a day of some change of offset. */
const instant = (zone: string) =>
  fc
    .record({
      at: fc.integer({ min: Date.parse('1970-01-02'), max: Date.parse('2090-01-01') }),
      near: fc.boolean(),
      shift: fc.integer({ min: -1500, max: 1500 }),
    })
    .map(({ at, near, shift }) => {
      const change = near
        ? Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).getTimeZoneTransition('next')
        : null;
      return (change?.epochMilliseconds ?? Math.floor(at / 1000) * 1000) + shift * 60_000;
    });

describe('the wall clock of a place is the one that Temporal knows', () => {
  it.each(ZONES)(
    '%s',
    (zone) => {
      fc.assert(
        fc.property(fc.array(instant(zone), { minLength: 1, maxLength: 8 }), (instants) => {
          for (const at of instants) {
            const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
            const local = at + zoned.offsetNanoseconds / 1e6;
            expect(zoneOf(zone).toLocal(at)).toBe(local);
            // Also wall-clock readings that the zone skips: the instant's own digits in UTC may be one of them.
            for (const reading of [local, at]) {
              const text = new Date(reading).toISOString().slice(0, -1);
              const compatible = Temporal.PlainDateTime.from(text).toZonedDateTime(zone, {
                disambiguation: 'compatible',
              });
              expect([zone, text, zoneOf(zone).toUtc(reading)]).toEqual([
                zone,
                text,
                compatible.epochMilliseconds,
              ]);
            }
          }
        }),
        { numRuns: 40 },
      );
    },
    60_000,
  );

  it('and a name that it does not know is none', () => {
    expect(['Asia/Ho_Chi_Minh', 'Asia/Saigon', 'UTC', 'Europe/Kyiv'].filter(isZone)).toHaveLength(4);
    expect(['', 'Asia/Hanoi', '+07:00', 'Z', '../etc', 'Mars/Olympus'].filter(isZone)).toEqual([]);
    expect(() => zoneOf('Asia/Hanoi')).toThrow(/Asia\/Hanoi.*not an IANA time zone/);
  });
});
