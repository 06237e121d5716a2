import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arbitrate,
  type Claim,
  FINAL_REFUSALS,
  LONGEST_INTERRUPTION_MS,
  type Progress,
} from '#devices/arbitrate';

const RANK = { emergency: 4, live: 3, priority: 2, scheduled: 1, background: 0 } as const;

const MINUTE = 60_000;
const claim = (id: string, more: Partial<Claim> = {}): Claim => ({
  id,
  priority: 'scheduled',
  resume: 'resume',
  startAt: 0,
  endAt: 10 * MINUTE,
  notAfter: 5 * MINUTE,
  ...more,
});
const playing = (since: number, fromMs = 0): { progress: Progress } => ({
  progress: { state: 'playing', since, fromMs },
});
const interrupted = (since: number, positionMs: number): { progress: Progress } => ({
  progress: { state: 'interrupted', since, positionMs },
});
const reasonFor = (claims: Claim[], now: number, id: string) =>
  arbitrate(claims, now).refused.find((refused) => refused.claim.id === id)?.reason;

const anyProgress = (startAt: number, length: number): fc.Arbitrary<Progress | undefined> =>
  fc.oneof(
    fc.constant(undefined),
    fc.record({
      state: fc.constant('playing' as const),
      since: fc.integer({ min: startAt, max: startAt + 600 }),
      fromMs: fc.integer({ min: 0, max: length }),
    }),
    fc.record({
      state: fc.constant('interrupted' as const),
      since: fc.integer({ min: startAt, max: startAt + 600 }),
      positionMs: fc.integer({ min: 0, max: length }),
    }),
  );

const anyClaim = fc
  .record({
    priority: fc.constantFrom(...(Object.keys(RANK) as Claim['priority'][])),
    resume: fc.constantFrom('resume' as const, 'restart' as const, 'join' as const, 'skip' as const),
    startAt: fc.integer({ min: 0, max: 1_000 }),
    length: fc.integer({ min: 1, max: 500 }),
    lateness: fc.integer({ min: 0, max: 600 }),
    lease: fc.option(fc.integer({ min: 0, max: 1_500 }), { nil: undefined }),
  })
  .chain(({ length, lateness, lease, ...rest }) =>
    anyProgress(rest.startAt, length).map((progress) => ({
      ...rest,
      endAt: rest.startAt + length,
      notAfter: rest.startAt + lateness,
      ...(lease === undefined ? {} : { leaseUntil: lease }),
      ...(progress === undefined ? {} : { progress }),
    })),
  );
const anyClaims = fc
  .array(anyClaim, { maxLength: 12 })
  .map((claims) => claims.map((one, index): Claim => ({ id: `c${index}`, ...one })));
const anyNow = fc.integer({ min: 0, max: 2_000 });

describe('for any claims at any moment', () => {
  test('every claim comes back in exactly one place, so none is forgotten and none plays beside another', () => {
    fc.assert(
      fc.property(anyClaims, anyNow, (claims, now) => {
        const { playing: chosen, suspended, refused } = arbitrate(claims, now);
        const out = [
          ...(chosen === null ? [] : [chosen.claim]),
          ...suspended,
          ...refused.map((one) => one.claim),
        ];
        expect(out.map(({ id }) => id).sort()).toEqual(claims.map(({ id }) => id).sort());
      }),
    );
  });

  test('nothing is silenced by something lower', () => {
    fc.assert(
      fc.property(anyClaims, anyNow, (claims, now) => {
        const { playing: chosen, suspended, refused } = arbitrate(claims, now);
        const silenced = [
          ...suspended,
          ...refused.filter((one) => one.reason === 'outranked').map((one) => one.claim),
        ];
        for (const one of silenced) {
          expect(chosen).not.toBeNull();
          expect(RANK[chosen?.claim.priority ?? 'background']).toBeGreaterThanOrEqual(RANK[one.priority]);
        }
      }),
    );
  });

  test('the air is not left empty while somebody could play', () => {
    fc.assert(
      fc.property(anyClaims, anyNow, (claims, now) => {
        const { playing: chosen, refused } = arbitrate(claims, now);
        if (chosen !== null) return;
        for (const { claim: one, reason } of refused) {
          expect(reason === 'not-due' || FINAL_REFUSALS.has(reason), `${one.id} ${reason}`).toBe(true);
        }
      }),
    );
  });

  test('of the emergencies that may sound, the latest does', () => {
    fc.assert(
      fc.property(anyClaims, anyNow, (claims, now) => {
        const chosen = arbitrate(claims, now).playing?.claim;
        if (chosen?.priority !== 'emergency') return;
        for (const other of claims.filter(({ priority }) => priority === 'emergency')) {
          const alone = arbitrate([other], now).playing !== null;
          if (alone) expect(other.startAt).toBeLessThanOrEqual(chosen.startAt);
        }
      }),
    );
  });

  test('the order in which claims are known changes nothing', () => {
    fc.assert(
      fc.property(anyClaims, anyNow, (claims, now) => {
        const there = arbitrate(claims, now).playing?.claim.id;
        expect(arbitrate([...claims].reverse(), now).playing?.claim.id).toBe(there);
      }),
    );
  });

  test('nothing sounds before its window, nor begins after its latest moment', () => {
    fc.assert(
      fc.property(anyClaims, anyNow, (claims, now) => {
        const chosen = arbitrate(claims, now).playing;
        if (chosen === null) return;
        expect(now).toBeGreaterThanOrEqual(chosen.claim.startAt);
        if (chosen.how === 'begin') expect(now).toBeLessThanOrEqual(chosen.claim.notAfter);
        expect(chosen.fromMs).toBeGreaterThanOrEqual(0);
        expect(chosen.fromMs).toBeLessThan(Math.max(chosen.claim.endAt - chosen.claim.startAt, 1) + 1);
      }),
    );
  });
});

describe('who interrupts whom', () => {
  test('a storm warning interrupts the morning news, which waits to come back', () => {
    const news = claim('news', playing(0));
    const storm = claim('storm', { priority: 'emergency', startAt: MINUTE });
    const result = arbitrate([news, storm], MINUTE);
    expect(result.playing).toMatchObject({ claim: { id: 'storm' }, how: 'begin', fromMs: 0 });
    expect(result.suspended.map(({ id }) => id)).toEqual(['news']);
  });

  test('an equal one does not cut off what is being heard', () => {
    const first = claim('b', { ...playing(0) });
    const second = claim('a', { startAt: 1_000 });
    expect(arbitrate([first, second], 1_000).playing).toMatchObject({ claim: { id: 'b' }, how: 'continue' });
    expect(reasonFor([first, second], 1_000, 'a')).toBe('busy');
  });

  test('a second emergency takes over from a microphone that was left open', () => {
    const open = claim('open', { priority: 'emergency', ...playing(0) });
    const later = claim('later', { priority: 'emergency', startAt: MINUTE });
    expect(arbitrate([open, later], MINUTE).playing?.claim.id).toBe('later');
  });

  test('a live microphone that says nothing for its lease gives the air back', () => {
    const live = claim('live', { priority: 'live', leaseUntil: MINUTE, ...playing(0) });
    const news = claim('news', interrupted(1_000, 1_000));
    expect(arbitrate([live, news], MINUTE - 1).playing?.claim.id).toBe('live');
    expect(arbitrate([live, news], MINUTE).playing?.claim.id).toBe('news');
    expect(reasonFor([live, news], MINUTE, 'live')).toBe('lease-over');
  });
});

describe('what becomes of an interrupted one', () => {
  const after = 4 * MINUTE;
  test('resume goes on where it was cut off, though its window is over', () => {
    const news = claim('news', { endAt: 3 * MINUTE, ...interrupted(2 * MINUTE, 2 * MINUTE) });
    expect(arbitrate([news], after).playing).toMatchObject({ how: 'resume', fromMs: 2 * MINUTE });
  });

  test('restart begins again', () => {
    const news = claim('news', { resume: 'restart', ...interrupted(2 * MINUTE, 2 * MINUTE) });
    expect(arbitrate([news], after).playing).toMatchObject({ how: 'restart', fromMs: 0 });
  });

  test('join goes on in step with the speakers that were not interrupted', () => {
    const news = claim('news', { resume: 'join', ...interrupted(2 * MINUTE, 2 * MINUTE) });
    expect(arbitrate([news], after).playing).toMatchObject({ how: 'join', fromMs: after });
    expect(reasonFor([news], 10 * MINUTE, 'news')).toBe('window-over');
  });

  test('skip does not come back', () => {
    const news = claim('news', { resume: 'skip', ...interrupted(2 * MINUTE, 2 * MINUTE) });
    expect(reasonFor([news], after, 'news')).toBe('skipped');
  });

  test('after half an hour it is not heard at an hour that nobody chose', () => {
    const news = claim('news', interrupted(MINUTE, MINUTE));
    expect(reasonFor([news], MINUTE + LONGEST_INTERRUPTION_MS + 1, 'news')).toBe('interrupted-too-long');
  });
});

describe('late', () => {
  test('a speaker that comes on in the middle joins in progress', () => {
    expect(arbitrate([claim('news')], 2 * MINUTE).playing).toMatchObject({ how: 'join', fromMs: 2 * MINUTE });
  });

  test('a speaker that comes on after the latest moment stays silent', () => {
    expect(reasonFor([claim('news')], 5 * MINUTE, 'news')).toBeUndefined();
    expect(reasonFor([claim('news')], 5 * MINUTE + 1, 'news')).toBe('too-late');
    expect(reasonFor([claim('news', { notAfter: 60 * MINUTE })], 10 * MINUTE, 'news')).toBe('window-over');
  });
});
