import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openStore, type Store } from '#controller/database/open';
import { Closer } from '#controller/dispatch/close';
import { Materialiser } from '#controller/dispatch/materialise';
import { AsRunRecord } from '#devices/as-run';
import type { Truth } from '#firmware-sim/speaker/truth-card';
import { type KillScene, type Outage, TONES } from './kill-run.ts';

/** What was found when the truth of the cards was laid beside what the controller believes. */
export interface KillAccount {
  readonly stretches: number;
  readonly records: number;
  readonly plays: number;
  /** Sound that left a card and has no record; words for each. */
  readonly lost: readonly string[];
  /** Records of sound that never left a card, or that lie over another record. */
  readonly doubled: readonly string[];
  /** Plays without a verdict, or with one that no outage explains. */
  readonly unexplained: readonly string[];
  /** By verdict and reason. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** The most milliseconds of one stretch that were heard and not told. */
  readonly untoldMs: number;
}

interface Stretch {
  readonly from: number;
  to: number;
  hz: number[];
}

/** A power cut costs at most what was played since the last mark; less than this may be told by nobody. */
const UNTOLD_MS = 700;
/** Between the clocks: an asymmetric network, and the tick of the card. */
const APART_MS = 400;

/** Reads everything that is left after a {@link killRun}; lets the controller's own code judge, as two minutes later. */
export async function account(scene: KillScene): Promise<KillAccount> {
  const store = openStore(path.join(scene.village.directory, 'data', 'loa.sqlite'));
  try {
    const later = Date.now() + 120_000;
    await new Materialiser(store).run(Date.now());
    await new Closer(store).run(later, () => undefined);
    const lost: string[] = [];
    const doubled: string[] = [];
    let stretches = 0;
    let records = 0;
    let untoldMs = 0;
    for (const [device, { truth }] of scene.devices) {
      const heard = stretchesOf(await readTruth(truth));
      const told = recordsOf(store, device);
      stretches += heard.length;
      records += told.length;
      const found = compare(device, heard, told);
      lost.push(...found.lost, ...missingNumbers(store, device));
      doubled.push(...found.doubled);
      untoldMs = Math.max(untoldMs, found.untoldMs);
    }
    const { unexplained, verdicts, plays } = judge(store, scene);
    return { stretches, records, plays, lost, doubled, unexplained, verdicts, untoldMs };
  } finally {
    await store.close();
  }
}

async function readTruth(file: string): Promise<Truth[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  // The last line of a program that was killed may be torn.
  return lines.flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Truth];
    } catch {
      return [];
    }
  });
}

function stretchesOf(truth: readonly Truth[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { at, ms, hz } of truth) {
    const last = stretches.at(-1);
    if (last !== undefined && at - last.to < 300) {
      last.to = at + ms;
      if (ms > 60) last.hz.push(hz);
    } else stretches.push({ from: at, to: at + ms, hz: ms > 60 ? [hz] : [] });
  }
  return stretches;
}

function recordsOf(store: Store, device: string): AsRunRecord[] {
  return store.sqlite
    .prepare<[string], string>('SELECT record FROM as_run WHERE device_id = ? ORDER BY started_at')
    .pluck()
    .all(device)
    .map((text) => AsRunRecord.parse(JSON.parse(text)));
}

function compare(device: string, heard: readonly Stretch[], told: readonly AsRunRecord[]) {
  const lost: string[] = [];
  const doubled: string[] = [];
  let untoldMs = 0;
  const left = told.flatMap((record) => {
    const { startedAt, playedMs } = record;
    return startedAt === null ? [] : [{ record, from: startedAt, to: startedAt + playedMs }];
  });
  for (const [index, span] of left.entries()) {
    const before = left[index - 1];
    if (before !== undefined && before.to - span.from > APART_MS)
      doubled.push(`${device}: ${words(before)} and ${words(span)} lie over each other`);
  }
  for (const stretch of heard) {
    const mine = left.filter(({ from, to }) => from < stretch.to + APART_MS && to > stretch.from - APART_MS);
    for (const each of mine) left.splice(left.indexOf(each), 1);
    const hz = stretch.hz.toSorted((a, b) => a - b)[Math.floor(stretch.hz.length / 2)];
    const tellMs = mine.reduce((sum, { to, from }) => sum + to - from, 0);
    const wrong = mine.find(({ record }) => hz !== undefined && !record.title.includes(String(nearest(hz))));
    const heardMs = stretch.to - stretch.from;
    const whole = mine.some(({ record }) => record.end === 'completed');
    if (mine.length === 0 && heardMs > UNTOLD_MS)
      lost.push(`${device}: ${heardMs.toFixed(0)} ms of sound at ${time(stretch.from)} have no record`);
    else if (wrong !== undefined)
      lost.push(`${device}: ${hz?.toFixed(0)} Hz sounded at ${time(stretch.from)}, told as ${words(wrong)}`);
    else if (mine.length > 0) {
      untoldMs = Math.max(untoldMs, heardMs - tellMs);
      const limit = whole ? APART_MS : 1_000 + UNTOLD_MS;
      if (heardMs - tellMs > limit)
        lost.push(
          `${device}: ${heardMs.toFixed(0)} ms at ${time(stretch.from)}, ${tellMs.toFixed(0)} ms told`,
        );
    }
  }
  // What the last lines of the truth of a killed program lacked is no invention.
  for (const span of left)
    if (span.to - span.from > APART_MS) doubled.push(`${device}: ${words(span)} never sounded`);
  return { lost, doubled, untoldMs };
}

/** Every number of every power-up is there, and none was given up. */
function missingNumbers(store: Store, device: string): string[] {
  const boots = store.sqlite
    .prepare<[string], { boot: number; last: number; rows: number }>(
      'SELECT boot, max(seq) AS last, count(*) AS rows FROM as_run WHERE device_id = ? GROUP BY boot',
    )
    .all(device)
    .filter(({ last, rows }) => last !== rows);
  const gaps = store.sqlite
    .prepare<[string], { boot: number }>('SELECT boot FROM as_run_gap WHERE device_id = ?')
    .all(device);
  return [...boots, ...gaps].map(({ boot }) => `${device}: records of power-up ${boot} are missing`);
}

function judge(store: Store, { devices, expected, outages }: KillScene) {
  const unexplained: string[] = [];
  const verdicts: Record<string, number> = {};
  const row = store.sqlite.prepare<
    [string, number],
    { verdict: string; reason: string | null; occurrence: string }
  >('SELECT verdict, reason, occurrence FROM play WHERE device_id = ? AND start_at = ?');
  let plays = 0;
  for (const device of devices.keys()) {
    for (const { startAt, seconds } of expected) {
      const play = row.get(device, startAt);
      const name = play === undefined ? 'no play' : `${play.verdict} ${play.reason ?? ''}`.trim();
      verdicts[name] = (verdicts[name] ?? 0) + 1;
      plays += 1;
      if (play?.verdict === 'played') continue;
      const explained =
        play !== undefined &&
        EXPLAINED.has(play.verdict) &&
        !UNEXPLAINED.has(play.reason ?? '') &&
        outages.some((one) => one.who === device && touches(one, startAt, startAt + seconds * 1_000));
      if (!explained)
        unexplained.push(`${device} at ${time(startAt)}: ${name}; ${around(outages, device, startAt)}`);
    }
  }
  return { unexplained, verdicts, plays };
}

const EXPLAINED = new Set(['late', 'partial', 'preempted', 'missed']);
const UNEXPLAINED = new Set(['no-record', 'no-word-since', 'no-plan', 'incomplete', 'decode-failed']);

/** A device that holds its plan again looks for the true time for some seconds before it plays, on a busy machine longer. */
const touches = ({ from, to }: Outage, startAt: number, endAt: number): boolean =>
  from < endAt + 1_000 && to + 10_000 > startAt;

/** What happened to a device within half a minute, in words. */
function around(outages: readonly Outage[], device: string, at: number): string {
  const near = outages.filter(
    ({ who, from, to }) => who === device && from < at + 30_000 && to > at - 30_000,
  );
  return near.length === 0
    ? 'it had power all the time'
    : near.map(({ from, to }) => `off ${time(from)}–${time(to)}`).join(', ');
}

const nearest = (hz: number): number =>
  TONES.reduce((best, tone) => (Math.abs(tone.hz - hz) < Math.abs(best.hz - hz) ? tone : best)).hz;

const time = (at: number): string => new Date(at).toISOString().slice(11, 23);

const words = ({ record, from, to }: { record: AsRunRecord; from: number; to: number }): string =>
  `“${record.title}” ${record.end} ${time(from)}–${time(to)}`;
