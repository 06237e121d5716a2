import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsRunRecord } from '#devices/as-run';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import type { PageTurn } from '#firmware-sim/board/board-desk';
import { TurnedClock } from '#firmware-sim/clock-turned';
import { Device } from '#firmware-sim/device';
import { boardSettings, noticePage, sceneBytes } from './board-scenes.ts';
import { FakeController, until } from './fake-controller.ts';
import { planOf } from './fake-plan.ts';

const S = 1_000;
const MINUTE = 60 * S;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** While the disk is given time to keep up, which a month of real time would. */
const BREATH_EVERY_MS = 10 * MINUTE;
const BREATH_MS = 6;

/** What stands from a moment on, until the next entry; null: nothing of the plan. */
interface Entry {
  readonly at: number;
  readonly stands: string | null;
}

export interface MonthReport {
  readonly days: number;
  readonly occurrences: number;
  /** Page turns that were due, and those of them that came at their moment or within 100 ms of it. */
  readonly turnsDue: number;
  readonly turnsRight: number;
  readonly worstTurnMs: number;
  /** Records that had to come, those that came, and those that came twice. */
  readonly recordsKept: number;
  readonly recordsCame: number;
  readonly recordsTwice: number;
  /** Of what was due, the share that records prove. */
  readonly shownShare: number;
  readonly missed: number;
  readonly waitedMost: number;
  readonly pictures: number;
  readonly records: readonly AsRunRecord[];
}

/**
 * A whole device, on a clock that is turned by hand, whose link is cut for so many days: a loop of three scenes from
 * five in the morning to ten at night, notices of a higher class at their hours, and one that goes over midnight.
 */
export async function monthOffline(days: number, panel = { width: 96, height: 48 }): Promise<MonthReport> {
  const controller = new FakeController();
  await controller.start();
  const dir = await mkdtemp(join(tmpdir(), 'loa-month-'));
  const clock = new TurnedClock();
  const turns: PageTurn[] = [];
  let kept = 0;
  let connected = false;
  const device = new Device({
    ...{ kind: 'board', http: controller.url, dir, panel, clock, decoder: 'silent' },
    ...{ heartbeatMs: 1_000, pairRetryMs: 50, reconnect: { minMs: 50, maxMs: 500 } },
    onPageTurn: (turn) => turns.push(turn),
    onEvent: (event) => {
      if (event.type === 'record') kept += 1;
      if (event.type === 'connected') connected = true;
      if (event.type === 'disconnected') connected = false;
    },
  });
  try {
    await device.start();
    // Behind the present, so that nothing begins before the link is cut.
    const from = Math.ceil((Date.now() + 90 * S) / MINUTE) * MINUTE;
    const scenes = {
      one: controller.addBlob(sceneBytes([noticePage('Lịch cắt điện', { dwellMs: 20 * S })])),
      two: controller.addBlob(
        sceneBytes([
          noticePage('Tiêm chủng', { dwellMs: 15 * S }),
          noticePage('Trạm y tế', { dwellMs: 15 * S }),
        ]),
      ),
      three: controller.addBlob(sceneBytes([noticePage('Họp tổ dân phố', { dwellMs: 40 * S })])),
      news: controller.addBlob(
        sceneBytes([noticePage('Tin 1', { dwellMs: 12 * S }), noticePage('Tin 2', { dwellMs: 18 * S })]),
      ),
      night: controller.addBlob(sceneBytes([noticePage('Trực đêm 0912 345 678', { dwellMs: 60 * S })])),
    };
    const occurrences = Array.from({ length: days }, (_, day) => dayOf(from + day * DAY, scenes)).flat();
    const plan = planOf(occurrences, controller.blobs);
    const board = boardSettings({}, { pictureEveryMs: HOUR });
    const { id } = await controller.desire(plan, { settings: { board } });
    await until('the plan is ready', () =>
      controller.acks().some((ack) => ack.id === id && ack.state === 'ready'),
    );
    await controller.stop();
    await until('the link is cut', () => !connected);
    let waitedMost = 0;
    let pictures = 0;
    const end = Math.max(...occurrences.map(({ endAt }) => endAt)) + MINUTE;
    while (clock.wallMs() < end) {
      await clock.turn(Math.min(BREATH_EVERY_MS, end - clock.wallMs()));
      await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
      waitedMost = Math.max(waitedMost, kept);
      pictures = Math.max(pictures, (await readdir(join(dir, 'evidence')).catch(() => [])).length);
    }
    controller.clockOffsetMs = clock.wallMs() - Date.now();
    await controller.listen();
    const last = occurrences.at(-1)?.id;
    const all = (): boolean =>
      controller.records.size >= kept &&
      [...controller.records.values()].some(({ occurrence }) => occurrence === last);
    await until('every record has come', all, 120_000);
    const records = [...controller.records.values()];
    return {
      ...compare(expected(occurrences, scenes), turns),
      ...{ days, occurrences: occurrences.length, recordsKept: kept, recordsCame: records.length },
      recordsTwice: records.length - new Set(records.map(({ boot, seq }) => `${boot}/${seq}`)).size,
      ...{ shownShare: shownShare(occurrences, records), waitedMost, pictures, records },
      missed: records.filter(({ startedAt }) => startedAt === null).length,
    };
  } finally {
    await device.stop();
    await controller.stop().catch(() => undefined);
    await rm(dir, { recursive: true, force: true });
  }
}

type Scenes = Record<'one' | 'two' | 'three' | 'news' | 'night', string>;

function dayOf(midnight: number, { one, two, three, news, night }: Scenes): PlanOccurrence[] {
  const part = (sha256: string, offsetMs: number, durationMs: number): PlanPart => ({
    ...{ role: 'programme' as const, programme: 'p', title: 'Bảng tin', sha256, type: SCENE_TYPE },
    ...{ offsetMs, durationMs },
  });
  const at = (schedule: string, start: number, lengthMs: number, parts: PlanOccurrence['parts']) => ({
    ...{ id: `${schedule}@${midnight + start}`, schedule, title: schedule, priority: 'scheduled' as const },
    ...{ resume: 'join' as const, startAt: midnight + start, endAt: midnight + start + lengthMs },
    ...{ notAfter: midnight + start + 5 * MINUTE, gainDb: 0, parts },
  });
  const round = [part(one, 0, 20 * S), part(two, 20 * S, 30 * S), part(three, 50 * S, 40 * S)];
  const urgent = (schedule: string, start: number, lengthMs: number) => ({
    ...at(schedule, start, lengthMs, [part(news, 0, lengthMs)]),
    priority: 'priority' as const,
  });
  return [
    { ...at('loop', 5 * HOUR, 17 * HOUR, round), loopMs: 90 * S },
    urgent('morning', 6 * HOUR + 30 * MINUTE, 20 * MINUTE),
    urgent('noon', 11 * HOUR + 7 * S, 10 * MINUTE),
    urgent('evening', 17 * HOUR, 15 * MINUTE),
    at('night', 22 * HOUR + 30 * MINUTE, 5 * HOUR, [part(night, 0, 5 * HOUR)]),
  ];
}

/**
 * What has to stand when, worked out anew from the plan's own words and nothing of the device: the loop waits while a
 * notice of a higher class stands, goes on where it was, and ends at its end.
 */
function expected(occurrences: readonly PlanOccurrence[], { news, night, one, two, three }: Scenes): Entry[] {
  const entries: Entry[] = [];
  const pages = (scene: string, dwells: number[], from: number, until: number, positionMs: number): void => {
    const round = dwells.reduce((sum, ms) => sum + ms, 0);
    for (let at = from; at < until; ) {
      const place = (positionMs + at - from) % round;
      let before = 0;
      const index = dwells.findIndex((ms) => {
        before += ms;
        return place < before;
      });
      entries.push({ at, stands: `${scene}/${index}` });
      if (dwells.length === 1) return;
      at += before - place;
    }
  };
  const loopFrom = (from: number, until: number, positionMs: number): void => {
    const places = [
      { scene: one, from: 0, until: 20 * S, dwells: [20 * S] },
      { scene: two, from: 20 * S, until: 50 * S, dwells: [15 * S, 15 * S] },
      { scene: three, from: 50 * S, until: 90 * S, dwells: [40 * S] },
    ];
    for (let at = from; at < until; ) {
      const place = (positionMs + at - from) % (90 * S);
      const part = places.find((each) => place >= each.from && place < each.until);
      if (part === undefined) throw new Error('a round has no gap');
      const partEnd = Math.min(until, at + part.until - place);
      pages(part.scene, part.dwells, at, partEnd, place - part.from);
      at = partEnd;
    }
  };
  const urgent = occurrences.filter(({ priority }) => priority === 'priority');
  for (const { schedule, startAt, endAt } of occurrences) {
    if (schedule === 'night') pages(night, [60 * S], startAt, endAt, 0);
    else if (schedule !== 'loop') pages(news, [12 * S, 18 * S], startAt, endAt, 0);
    else {
      let at = startAt;
      let positionMs = 0;
      for (const over of urgent.filter((each) => each.startAt >= startAt && each.startAt < endAt)) {
        loopFrom(at, over.startAt, positionMs);
        positionMs += over.startAt - at;
        at = over.endAt;
      }
      loopFrom(at, endAt, positionMs);
    }
  }
  return entries.sort((a, b) => a.at - b.at);
}

function compare(entries: readonly Entry[], turns: readonly PageTurn[]) {
  let right = 0;
  let worst = 0;
  let next = 0;
  for (const { at, stands } of entries) {
    while ((turns[next]?.litAt ?? Number.POSITIVE_INFINITY) < at - 50) next += 1;
    const turn = turns[next];
    if (turn === undefined || `${turn.scene}/${turn.page}` !== stands) continue;
    const error = Math.abs(turn.litAt - at);
    if (error > 100) continue;
    right += 1;
    worst = Math.max(worst, error);
    next += 1;
  }
  return { turnsDue: entries.length, turnsRight: right, worstTurnMs: worst };
}

/** Of the time that the plan asks for, what records prove to have stood; what a higher class took is not asked for. */
function shownShare(occurrences: readonly PlanOccurrence[], records: readonly AsRunRecord[]): number {
  const urgent = occurrences.filter(({ priority }) => priority === 'priority');
  const asked = occurrences.reduce((sum, each) => {
    const taken =
      each.schedule === 'loop'
        ? urgent.filter((over) => over.startAt > each.startAt && over.startAt < each.endAt)
        : [];
    return sum + each.endAt - each.startAt - taken.reduce((ms, over) => ms + over.endAt - over.startAt, 0);
  }, 0);
  return records.reduce((sum, { playedMs }) => sum + playedMs, 0) / asked;
}
