import { describe, expect, test } from 'vitest';
import { NOTHING_AHEAD, nextBurst, type Outlook } from '#devices/time-cadence';

const HOUR_MS = 3_600_000;
/** TCP, TLS and MQTT around a question and its answer, by the sizes of their messages; acknowledgements included. */
const BYTES_AN_EXCHANGE = 420;

/** Lets time go by from one burst to the next. @returns the bursts, ms from the connection. */
function live(
  hours: number,
  outlookAt: (ms: number) => Outlook,
  { roundTripMs = 40, reconnectEveryMs = Number.POSITIVE_INFINITY } = {},
): { at: number; exchanges: number }[] {
  const made = [{ at: 0, exchanges: 8 }];
  let bursts = 1;
  let session = 0;
  for (let at = 0; at < hours * HOUR_MS; ) {
    // The bound of the drift shrinks with the time over which it is known.
    const driftError = Math.max(1e-6, roundTripMs / Math.max(at, 1));
    const estimate = { offsetMs: 0, drift: 0, errorMs: roundTripMs / 2, driftError, at };
    const errorMs = roundTripMs / 2;
    const { inMs, exchanges } = nextBurst(
      { estimate, errorMs, bursts, sinceMs: 0, now: at, outlook: outlookAt(at) },
      (made.length * 0.37) % 1,
    );
    at += Math.max(inMs, 1);
    bursts += 1;
    made.push({ at, exchanges });
    if (at - session > reconnectEveryMs) {
      session = at;
      bursts = 1;
      made.push({ at, exchanges: 8 });
    }
  }
  return made;
}
const bytesOf = (bursts: readonly { exchanges: number }[]): number =>
  bursts.reduce((sum, { exchanges }) => sum + exchanges * BYTES_AN_EXCHANGE, 0);

describe('how often a device asks for the time', () => {
  test('idle for a month it costs less than 1.2 MB, also when the link breaks every day', () => {
    const idle = live(720, () => NOTHING_AHEAD, { reconnectEveryMs: 24 * HOUR_MS });
    expect(bytesOf(idle)).toBeLessThan(1_200_000);
    expect(idle.length).toBeGreaterThan(500);
  });

  test('just connected it learns its drift within minutes', () => {
    const soon = live(1, () => NOTHING_AHEAD).filter(({ at }) => at < 120_000);
    expect(soon.length).toBeGreaterThanOrEqual(4);
  });

  test('before something begins it looks several times, the last time shortly before, and the more the worse the network', () => {
    const startAt = 10 * HOUR_MS;
    const outlook = (ms: number): Outlook => ({
      nextAt: ms < startAt ? startAt : Number.POSITIVE_INFINITY,
      playing: false,
    });
    const looksBefore = (roundTripMs: number) =>
      live(10, outlook, { roundTripMs }).filter(({ at }) => at > startAt - 90_000 && at < startAt);
    expect(looksBefore(1).length).toBeGreaterThanOrEqual(3);
    expect(looksBefore(150).length).toBeGreaterThan(looksBefore(1).length);
    expect(startAt - (looksBefore(1).at(-1)?.at ?? 0)).toBeLessThan(20_000);
  });

  test('while it plays it looks every quarter of a minute; half as often when it knows its time well', () => {
    const playing = (roundTripMs: number) =>
      live(1, () => ({ nextAt: Number.POSITIVE_INFINITY, playing: true }), { roundTripMs }).length;
    expect(playing(40)).toBeGreaterThan(200);
    expect(playing(40)).toBeLessThan(320);
    expect(playing(0.6)).toBeGreaterThan(100);
    expect(playing(0.6)).toBeLessThan(160);
  });
});
