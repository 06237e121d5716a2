import { expect, test } from 'vitest';
import { DeviceClock } from '#devices/device-clock';
import type { Plan, PlanOccurrence } from '#devices/plan';
import { recordOf, type Stretch } from '#devices/run-record';
import { Conductor } from '../../web-console/board/conductor.ts';

const T0 = Date.UTC(2026, 10, 24, 1);
const SECOND = 1_000;
const HASH = 'a'.repeat(64);

const occurrence = (changes: Partial<PlanOccurrence> = {}): PlanOccurrence => ({
  ...{ id: 'news@1', schedule: 'news', title: 'Tin', priority: 'scheduled', resume: 'join', gainDb: 0 },
  ...{ startAt: T0, endAt: T0 + 60 * SECOND, notAfter: T0 + 60 * SECOND },
  parts: [0, 1].map((index) => ({
    ...{ role: 'programme', programme: null, title: `Tin ${index}`, sha256: HASH },
    ...{ type: 'application/vnd.loa.scene+json', offsetMs: index * 10 * SECOND, durationMs: 10 * SECOND },
  })),
  loopMs: 20 * SECOND,
  ...changes,
});

/** A board on a time that is turned by hand, drawn once a second; each part's scene has one page. */
function stand(plan: readonly PlanOccurrence[], from = T0 - SECOND) {
  let at = from;
  const clock = new DeviceClock({ monotonicMs: () => at - from, wallMs: () => at });
  const told: { id: string; part: number; stretch: Stretch }[] = [];
  const settled = new Map<string, string[]>();
  const waiting: (() => Promise<void>)[] = [];
  const conductor = new Conductor({
    ...{ clock, boot: 1, brightness: () => 80, arm: () => undefined, wake: () => undefined },
    book: {
      isSettled: (id) => settled.has(id),
      settle: ({ id, parts }, reason) => void settled.set(id, [...parts.keys()].map(reason)),
      stretch: (of, _name, stretch, proven) =>
        void waiting.push(async () => {
          await proven;
          told.push({ id: of.id, part: stretch().partIndex, stretch: stretch() });
        }),
      mark: () => undefined,
      written: () => Promise.resolve(),
    },
  });
  const everything: Plan = { v: 1, validFrom: 0, validUntil: T0 * 2, occurrences: [...plan], blobs: [] };
  conductor.adopt(everything, 0);
  /** Turns the time on to a moment. @returns what stood there each second, as part and second of its scene. */
  const until = (moment: number): string[] => {
    const stood: string[] = [];
    for (; at < moment; at += SECOND) {
      conductor.decide(at);
      const run = conductor.current?.run ?? null;
      const place = run?.at(at) ?? null;
      if (place === null) run?.dark(at);
      else run?.lit(place, { index: 0, of: 1, moving: false }, at, () => Promise.resolve(HASH));
      stood.push(place === null ? '-' : `${conductor.current?.id} ${place.index}/${place.sceneMs / SECOND}`);
    }
    return stood;
  };
  const records = async () => {
    for (const write of waiting.splice(0)) await write();
    return told;
  };
  return { conductor, until, records, settled };
}

test('parts go round until the end of the occurrence, told in one record each', async () => {
  const { until, records, settled } = stand([occurrence()]);
  const stood = until(T0 + 62 * SECOND);
  expect(stood.slice(0, 3)).toEqual(['-', 'news@1 0/0', 'news@1 0/1']);
  expect(stood[11]).toBe('news@1 1/0');
  expect(stood[21]).toBe('news@1 0/0');
  expect(stood.slice(60)).toEqual(['news@1 1/9', '-', '-']);
  const told = await records();
  expect(told.map(({ part, stretch }) => [part, stretch.end, stretch.rounds, stretch.playedMs])).toEqual([
    [0, 'completed', 3, 30 * SECOND],
    [1, 'completed', 3, 30 * SECOND],
  ]);
  expect(told[0]?.stretch.pages).toMatchObject([{ times: 3, shownMs: 30 * SECOND, pixelsSha256: HASH }]);
  expect(recordOf(occurrence(), told[0]?.stretch as Stretch)).toMatchObject({ dueMs: 30 * SECOND });
  expect(settled.has('news@1')).toBe(true);
});

test('after an emergency the very moment comes back that it interrupted, and the end stays where it was', async () => {
  const { conductor, until, records } = stand([occurrence()]);
  expect(until(T0 + 7 * SECOND).at(-1)).toBe('news@1 0/6');
  const finished: string[] = [];
  const alarm = occurrence({
    ...{ id: 'alarm@1', schedule: 'alarm', priority: 'emergency', startAt: T0 + 7 * SECOND },
    parts: occurrence()
      .parts.slice(0, 1)
      .map((part) => ({ ...part, durationMs: 20 * SECOND })),
  });
  conductor.admit(alarm, { began: () => undefined, finished: (reason) => finished.push(reason) });
  const during = until(T0 + 27 * SECOND);
  expect(new Set(during.map((one) => one.split(' ')[0]))).toEqual(new Set(['alarm@1']));
  conductor.dismiss('alarm@1', 'stopped');
  expect(finished).toEqual(['stopped']);
  const after = until(T0 + 61 * SECOND);
  expect(after[0]).toBe('news@1 0/7');
  expect(after.slice(-2)).toEqual(['news@1 1/9', '-']);
  const told = await records();
  const mine = told.filter(({ id }) => id === 'news@1');
  expect(mine.map(({ part, stretch }) => [part, stretch.end])).toEqual([
    [0, 'preempted'],
    [0, 'completed'],
    [1, 'completed'],
  ]);
  const shownMs = told.reduce((sum, { stretch }) => sum + stretch.playedMs, 0);
  expect(shownMs, 'every second of the minute was somebody’s').toBe(60 * SECOND);
});

test('what was over while the screen was off is told as missed, and what is left of the rest is joined', async () => {
  const early = occurrence({ id: 'early@1', startAt: T0 - 90 * SECOND, endAt: T0 - 30 * SECOND });
  const { until, records, settled } = stand([early, occurrence()], T0 + 25 * SECOND);
  expect(until(T0 + 26 * SECOND)).toEqual(['news@1 0/5']);
  expect(settled.get('early@1')).toEqual(['powered-off', 'powered-off']);
  until(T0 + 61 * SECOND);
  const told = await records();
  expect(told.map(({ part, stretch }) => [part, stretch.reason, stretch.playedMs])).toEqual([
    [0, 'powered-off', 15 * SECOND],
    [1, 'powered-off', 20 * SECOND],
  ]);
});

test('stop-all leaves the board dark, and nothing that waited comes back', () => {
  const later = occurrence({ id: 'later@1', startAt: T0 + 2 * SECOND });
  const { conductor, until, settled } = stand([occurrence(), later]);
  until(T0 + 5 * SECOND);
  conductor.silence();
  expect(new Set(until(T0 + 20 * SECOND))).toEqual(new Set(['-']));
  expect([...settled.keys()].sort()).toEqual(['later@1', 'news@1']);
});

test('a plan that calls off what stands takes it away at once', () => {
  const { conductor, until } = stand([occurrence()]);
  until(T0 + 5 * SECOND);
  conductor.adopt({ v: 1, validFrom: T0, validUntil: T0 * 2, occurrences: [], blobs: [] }, T0);
  expect(until(T0 + 7 * SECOND)).toEqual(['-', '-']);
});
