import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moveOf } from '#controller/broadcasts/move-of';
import { decide, leadFor, MOST_LEAD_MS, STRAGGLERS_MS } from '#controller/broadcasts/readiness';
import type { ShareState } from '#controller/http/contract/broadcasts';
import type { Ack } from '#devices/messages/ack';

const counts = (change: Partial<Record<ShareState, number>>): Record<ShareState, number> => ({
  ...{ asked: 0, received: 0, ready: 0, started: 0, ended: 0, stopped: 0, rejected: 0, absent: 0 },
  ...change,
});
const times = (now: number, quorumAt: number | null = null) => ({ now, deadlineAt: 8_000, quorumAt });

describe('a common start', () => {
  test('comes as soon as the last of those that were asked is ready; the absent are not waited for', () => {
    expect(decide(counts({ ready: 9, received: 1, absent: 5 }), times(0)).act).toBe('wait');
    expect(decide(counts({ ready: 10, absent: 5 }), times(0))).toEqual({ act: 'start' });
    expect(decide(counts({ ready: 9, rejected: 1 }), times(0))).toEqual({ act: 'start' });
  });

  test('waits a second for the last tenth, counted from when the others were ready', () => {
    const nearly = counts({ ready: 18, asked: 2 });
    expect(decide(nearly, times(3_000))).toEqual({
      act: 'wait',
      until: 3_000 + STRAGGLERS_MS,
      quorumAt: 3_000,
    });
    expect(decide(nearly, times(3_999, 3_000)).act).toBe('wait');
    expect(decide(nearly, times(4_000, 3_000)).act).toBe('start');
  });

  test('of three one may be dead, of two none: then patience decides', () => {
    expect(decide(counts({ ready: 2, asked: 1 }), times(1_000, 0)).act).toBe('start');
    expect(decide(counts({ ready: 1, asked: 1 }), times(1_000, 0)).act).toBe('wait');
    expect(decide(counts({ ready: 1, asked: 1 }), times(8_000)).act).toBe('start');
  });

  test('fails when nobody is ready when patience is over; who refused may still find its files until then', () => {
    expect(decide(counts({ rejected: 3 }), times(10)).act).toBe('wait');
    expect(decide(counts({ rejected: 3 }), times(8_000)).act).toBe('fail');
    expect(decide(counts({ received: 3 }), times(8_000))).toEqual({ act: 'fail' });
    expect(decide(counts({ absent: 3 }), times(10)).act).toBe('wait');
    expect(decide(counts({ absent: 3 }), times(8_000)).act).toBe('fail');
  });

  test('is decided by the end of patience, whatever was answered', () => {
    const some = fc.nat(2_000);
    fc.assert(
      fc.property(some, some, some, some, some, (asked, received, ready, rejected, absent) => {
        const told = counts({ asked, received, ready, rejected, absent });
        const decision = decide(told, times(8_000));
        expect(decision.act).toBe(ready > 0 ? 'start' : 'fail');
        const before = decide(told, times(7_000));
        if (before.act === 'wait') expect(before.until).toBeLessThanOrEqual(8_000);
        else if (before.act === 'start') expect(ready).toBeGreaterThan(0);
      }),
    );
  });

  test('lies as far ahead as all but the slowest hundredth of the measured paths need, and never absurdly far', () => {
    expect(leadFor([])).toBe(400);
    expect(leadFor([120, 80, 100])).toBe(520);
    const hundred = Array.from({ length: 200 }, () => 100);
    expect(leadFor([...hundred, 9_000])).toBe(500);
    expect(leadFor(Array.from({ length: 10 }, () => 60_000))).toBe(MOST_LEAD_MS);
  });
});

describe('what a device says', () => {
  const share = { state: 'started', boot: 1, stopAsked: false } as const;
  const ack = (state: Ack['state'], reason?: string): Ack => ({
    ...{ v: 1, id: 'x', subject: 'command', state, at: 1_000 },
    ...(reason === undefined ? {} : { reason }),
  });

  test('of a message that came twice says nothing about its part', () => {
    expect(moveOf(ack('rejected', 'replayed'), 'start', share, 9_000)).toBeNull();
    expect(moveOf(ack('rejected', 'blob-missing'), 'start', share, 9_000)).toMatchObject({ to: 'rejected' });
  });

  test('at its end is a stop when it was asked to stop before the end, or says so', () => {
    expect(moveOf(ack('ended'), 'start', share, 9_000)).toMatchObject({ to: 'ended' });
    expect(moveOf(ack('ended'), 'start', { ...share, stopAsked: true }, 9_000)).toMatchObject({
      to: 'stopped',
    });
    expect(moveOf(ack('ended', 'stopped'), 'start', share, 9_000)).toMatchObject({ to: 'stopped' });
    expect(moveOf(ack('ended', 'preempted'), 'start', share, 9_000)).toMatchObject({
      to: 'ended',
      reason: 'preempted',
    });
  });

  test('to a change of volume moves nothing, and a stop counts when it is carried out', () => {
    expect(moveOf(ack('ended'), 'set-volume', share, 9_000)).toBeNull();
    expect(moveOf(ack('received'), 'stop', share, 9_000)).toBeNull();
    expect(moveOf(ack('ended'), 'stop', share, 9_000)).toEqual({ to: 'stopped' });
  });
});
