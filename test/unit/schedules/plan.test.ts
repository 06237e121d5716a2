import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plan } from '#devices/plan';
import { layOut } from '#schedules/content';
import { type DeviceClass, MAX_OCCURRENCES } from '#schedules/duties';
import { buildPlan, type PlannedDevice, planFleet } from '#schedules/plan';
import { sameDuties } from '#schedules/same-duties';
import { parseOccurrenceId } from '#schedules/schedule';
import { DAY, daily, HOUR, MINUTE, made, notice, sha, sound } from './made.ts';

const from = Date.parse('2026-11-23T17:00Z');
const month = { from, to: from + 30 * DAY };
const opus: DeviceClass = { kind: 'speaker', codec: 'opus' };
const mp3: DeviceClass = { kind: 'speaker', codec: 'mp3' };
const board: DeviceClass = { kind: 'board', codec: null };
const once = { count: 1, gapMs: 0 };

describe('the plan tells a device exactly what to play', () => {
  const chime = { ...sound('chime', 1), programme: null };
  const mixed = made('mixed', {
    rule: daily('06:00'),
    content: layOut({
      chime,
      items: [sound('news', 5), notice('text', 2)],
      repeat: { count: 2, gapMs: MINUTE },
    }),
    gainDb: -3,
    priority: 'priority',
    resume: 'join',
  });

  it('as UTC instants, with the files of its codec named by hash, in the form that the contract demands', () => {
    const plan = buildPlan([mixed], opus, { from, to: from + DAY });
    expect(Plan.parse(plan)).toEqual(plan);
    const startAt = Date.parse('2026-11-23T23:00Z');
    expect(plan.occurrences).toHaveLength(1);
    expect(plan.occurrences[0]).toMatchObject({
      id: `mixed@${startAt}`,
      startAt,
      endAt: startAt + 17 * MINUTE,
      notAfter: startAt + 5 * MINUTE,
      priority: 'priority',
      resume: 'join',
      gainDb: -3,
    });
    expect(
      plan.occurrences[0]?.parts.map((part) => [part.programme, part.offsetMs / MINUTE, part.type]),
    ).toEqual([
      [null, 0, 'audio/ogg'],
      ['news', 1, 'audio/ogg'],
      [null, 9, 'audio/ogg'],
      ['news', 10, 'audio/ogg'],
    ]);
    expect(plan.blobs).toEqual(
      ['chime.opus', 'news.opus']
        .map((name) => ({ sha256: sha(name), bytes: 1000, type: 'audio/ogg' }))
        .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
    );
    expect(parseOccurrenceId(plan.occurrences[0]?.id ?? '')).toEqual({ schedule: 'mixed', startAt });
  });

  it('gives an old speaker MP3, and a board the notices alone', () => {
    const files = (device: DeviceClass) =>
      buildPlan([mixed], device, month).blobs.map(({ sha256 }) => sha256);
    expect(files(mp3)).toEqual([sha('chime.mp3'), sha('news.mp3')].sort());
    expect(files(board)).toEqual([sha('text.scene')]);
  });

  it('asks nothing of a device that could play only the chime', () => {
    const textOnly = made('t', {
      rule: daily('06:00'),
      content: layOut({ chime, items: [notice('n', 2)], repeat: once }),
    });
    expect(buildPlan([textOnly], opus, month)).toMatchObject({ occurrences: [], blobs: [] });
    expect(buildPlan([made('s', { rule: daily('06:00') })], board, month)).toMatchObject({
      occurrences: [],
      blobs: [],
    });
  });

  it('includes what is under way when the window begins, and nothing that has just ended', () => {
    const startAt = Date.parse('2026-11-23T23:00Z');
    const tenMinutes = made('s', { rule: daily('06:00') });
    const ids = (at: number) =>
      buildPlan([tenMinutes], opus, { from: at, to: at + HOUR }).occurrences.map((each) => each.startAt);
    expect(ids(startAt + 10 * MINUTE - 1)).toEqual([startAt]);
    expect(ids(startAt + 10 * MINUTE)).toEqual([]);
  });

  it('ends earlier rather than leaving anything out when there is more than one plan can hold', () => {
    const everyMinute = made('s', { rule: { kind: 'cron', expression: '* * * * *' }, minutes: 0.5 });
    const plan = buildPlan([everyMinute], opus, month);
    expect(Plan.safeParse(plan).success).toBe(true);
    expect(plan.occurrences).toHaveLength(MAX_OCCURRENCES);
    expect(plan.validUntil).toBe(from + MAX_OCCURRENCES * MINUTE);
    expect(plan.blobs).toHaveLength(1);
  });

  it('survives an expression that fires every second', () => {
    const everySecond = made('s', { rule: { kind: 'cron', expression: '* * * * * *' }, minutes: 1 / 60 });
    const morning = made('m', { rule: daily('00:00') });
    const plan = buildPlan([everySecond, morning], opus, month);
    expect(Plan.safeParse(plan).success).toBe(true);
    expect(plan.validUntil).toBe(from + (MAX_OCCURRENCES - 1) * 1000);
    expect(plan.occurrences.filter(({ schedule }) => schedule === 'm')).toHaveLength(1);
  });
});

describe('planning a fleet', () => {
  const schedules = ['a', 'b', 'c', 'd'].map((id, index) =>
    made(id, {
      rule: daily(`0${index + 5}:00`, '06:00'),
      content: layOut({ chime: null, items: [sound(id, 2), notice(id, 1)], repeat: once }),
    }),
  );
  const device = fc.record({
    kind: fc.constantFrom('speaker' as const, 'board' as const),
    codec: fc.constantFrom('opus' as const, 'mp3' as const, null),
    schedules: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'gone'), { maxLength: 6 }),
  });

  it('gives every device the plan that it would have alone, and one to all with the same duties', () => {
    fc.assert(
      fc.property(fc.array(device, { maxLength: 12 }), (specs) => {
        const devices: PlannedDevice[] = specs.map((spec, index) => ({ ...spec, id: `device-${index}` }));
        const { plans, keyOf } = planFleet(devices, schedules, month);
        for (const each of devices) {
          const mine = schedules.filter(({ id }) => each.schedules.includes(id));
          expect(plans.get(keyOf.get(each.id) ?? '')).toEqual(buildPlan(mine, each, month));
        }
        const different = new Set(
          devices.map(({ kind, codec, schedules: ids }) =>
            JSON.stringify([kind, codec, [...new Set(ids)].filter((id) => id !== 'gone').sort()]),
          ),
        );
        expect(plans.size).toBe(different.size);
      }),
    );
  });

  it('puts occurrences in order of their start, the same whatever the order of the schedules', () => {
    const plan = buildPlan(schedules, opus, month);
    expect(buildPlan([...schedules].reverse(), opus, month)).toEqual(plan);
    const starts = plan.occurrences.map(({ startAt }) => startAt);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(new Set(plan.occurrences.map(({ id }) => id)).size).toBe(starts.length);
  });

  it('tells a device without schedules that it has nothing to play', () => {
    const { plans, keyOf } = planFleet([{ id: 'x', ...opus, schedules: [] }], schedules, month);
    expect(plans.get(keyOf.get('x') ?? '')).toEqual({
      v: 1,
      validFrom: month.from,
      validUntil: month.to,
      occurrences: [],
      blobs: [],
    });
  });
});

describe('a plan is issued again only when it asks something else', () => {
  const news = made('news', { rule: daily('06:00') });
  const held = buildPlan([news], opus, month);
  const later = { from: from + 3 * DAY, to: from + 33 * DAY };
  const now = from + 3 * DAY + 7 * HOUR;

  it('not because time went by', () => {
    expect(sameDuties(held, buildPlan([news], opus, later), now)).toBe(true);
    expect(sameDuties(held, Plan.parse(JSON.parse(JSON.stringify(held))), from)).toBe(true);
  });

  it.each([
    ['another time', { rule: daily('06:01') }],
    [
      'another day left out',
      { rule: { kind: 'weekly' as const, times: ['06:00'], weekdays: [1, 2, 3, 4, 5, 6] } },
    ],
    [
      'another content',
      { rule: daily('06:00'), content: layOut({ chime: null, items: [sound('y', 10)], repeat: once }) },
    ],
    ['another gain', { rule: daily('06:00'), gainDb: 1 }],
    ['another priority', { rule: daily('06:00'), priority: 'priority' as const }],
    ['another policy', { rule: daily('06:00'), resume: 'skip' as const }],
    ['another lateness', { rule: daily('06:00'), maxLatenessMs: 1 }],
  ])('but for %s', (_what, change) => {
    expect(sameDuties(held, buildPlan([made('news', change)], opus, later), now)).toBe(false);
  });

  it('and when the one that it holds has run out', () => {
    const after = { from: month.to, to: month.to + 30 * DAY };
    expect(sameDuties(held, buildPlan([news], opus, after), month.to)).toBe(false);
  });

  it('not for what is over', () => {
    const without = { ...held, occurrences: held.occurrences.filter(({ endAt }) => endAt > now) };
    expect(without.occurrences.length).toBeLessThan(held.occurrences.length);
    expect(sameDuties(held, without, now)).toBe(true);
    expect(sameDuties(held, without, from)).toBe(false);
  });
});
