import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsRunRecord } from '#devices/as-run';
import type { BoardSettings } from '#devices/board/settings';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import { missedRecord, recordOf, type Stretch } from '#devices/run-record';
import { SCENE_TYPE } from '#devices/scene';
import { Board } from '#firmware-sim/board/board';
import type { PageTurn } from '#firmware-sim/board/board-desk';
import { SetSensor } from '#firmware-sim/board/light-sensor';
import { PanelCondition } from '#firmware-sim/board/panel-condition';
import { Cache } from '#firmware-sim/cache';
import { DeviceClock } from '#firmware-sim/clock';
import { TurnedClock } from '#firmware-sim/clock-turned';
import { Conductor } from '#firmware-sim/conductor';
import type { EvidenceForm, EvidencePost, Taken } from '#firmware-sim/evidence-post';
import { findFfmpeg } from '#firmware-sim/speaker/ffmpeg';
import { boardSettings, pixelsOf } from './board-scenes.ts';
import { sha256 } from './fake-controller.ts';
import { planOf } from './fake-plan.ts';

/** 2026-11-24 08:00 in Hà Nội; the stand's world begins then. */
export const BOARD_START = Date.UTC(2026, 10, 24, 1);
export const SIZE = { width: 128, height: 64 };

interface Picture extends Taken {
  readonly id: string;
  readonly png: Buffer;
}

/** A real board with a real conductor, in a world whose time is turned by hand and that has no controller. */
export class BoardStand {
  readonly base = new TurnedClock({ monotonicMs: () => 0, wallMs: () => BOARD_START });
  readonly clock: DeviceClock;
  readonly condition = new PanelCondition();
  readonly sensor = new SetSensor(null);
  readonly pictures: Picture[] = [];
  readonly records: Omit<AsRunRecord, 'seq'>[] = [];
  readonly faults: string[] = [];
  readonly mended: string[] = [];
  readonly refetched: string[] = [];
  readonly turns: PageTurn[] = [];
  readonly line = { unlinkedMs: 0, upToDate: true };
  settings: BoardSettings = boardSettings();
  changes = 0;
  readonly dir: string;
  readonly cache: Cache;
  readonly board: Board;
  readonly conductor: Conductor;
  readonly #settled = new Set<string>();

  static async open(more: { clockDead?: boolean } = {}): Promise<BoardStand> {
    const stand = new BoardStand(await mkdtemp(join(tmpdir(), 'loa-board-')), more.clockDead === true);
    await stand.cache.open();
    return stand;
  }

  constructor(dir: string, clockDead: boolean) {
    this.dir = dir;
    const kept = { correctionMs: 0, errorMs: 10, plausible: !clockDead };
    this.clock = new DeviceClock(this.base, kept);
    this.cache = new Cache(dir);
    let ids = 0;
    this.board = new Board({
      clock: this.clock,
      cache: this.cache,
      panel: SIZE,
      matrix: { pitchMm: 5, scan: 16, levels: 64 },
      condition: this.condition,
      sensor: this.sensor,
      ffmpeg: () => findFfmpeg(undefined),
      frameMs: 1_000 / 60,
      share: 0,
      pictureSpreadMs: 0,
      settings: () => ({ volume: 0, muted: false, brightness: 80, outputDelayMs: 0, board: this.settings }),
      line: () => this.line,
      evidence: {
        newId: () => {
          ids += 1;
          return `E${ids}`;
        },
        keep: (id: string, _: EvidenceForm, png: Buffer, taken?: Taken) => {
          if (taken !== undefined) this.pictures.push({ id, png, ...taken });
          return Promise.resolve();
        },
      } as unknown as EvidencePost,
      fault: (what) => this.faults.push(what),
      mended: (what) => this.mended.push(what),
      refetch: (name) => this.refetched.push(name),
      onChange: () => {
        this.changes += 1;
      },
      onPageTurn: (turn) => this.turns.push(turn),
    });
    this.conductor = new Conductor({
      ...{ clock: this.clock, performer: this.board, armAheadMs: 5_000, stands: true },
      book: {
        isSettled: (id) => this.#settled.has(id),
        stretch: (occurrence, stretch) => this.records.push(recordOf(occurrence, stretch)),
        settle: (occurrence, reason) => this.#settle(occurrence, reason),
        mark: () => undefined,
        written: () => Promise.resolve(),
      },
      verify: () => Promise.resolve(),
      onAirChanged: () => undefined,
      prepareMs: () => 0,
      markMs: 15_000,
    });
  }

  async close(): Promise<void> {
    await this.conductor.stop();
    await this.board.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Switches it on with these in its plan; their scenes are in the cache. */
  on(occurrences: PlanOccurrence[] = []): void {
    this.board.start();
    this.conductor.adopt(planOf(occurrences, new Map()), BOARD_START);
    this.conductor.start();
  }

  now(): number {
    return this.clock.now();
  }

  /** Lets time pass until a moment, so many ms after the start. */
  async until(ms: number): Promise<void> {
    await this.base.turn(BOARD_START + ms - this.now());
  }

  async keep(bytes: Buffer): Promise<string> {
    const name = sha256(bytes);
    await writeFile(this.cache.path(name), bytes);
    return name;
  }

  /** What is lit now, as a picture that is asked for. */
  async look(): Promise<Uint8ClampedArray> {
    return pixelsOf((await this.shot()).png);
  }

  async shot(): Promise<Picture> {
    const id = await this.board.capture();
    const picture = this.pictures.find((one) => one.id === id);
    if (picture === undefined) throw new Error('no picture came');
    return picture;
  }

  recordsOf({ id }: PlanOccurrence): Omit<AsRunRecord, 'seq'>[] {
    return this.records.filter(({ occurrence }) => occurrence === id);
  }

  #settle(occurrence: PlanOccurrence, reason: string): void {
    this.#settled.add(occurrence.id);
    for (const index of occurrence.parts.keys()) {
      if (!this.recordsOf(occurrence).some(({ part }) => part.index === index))
        this.records.push(missedRecord(occurrence, index, reason, this.clock));
    }
  }
}

export type { Stretch };

export const scenePart = (name: string, durationMs: number, more: Partial<PlanPart> = {}): PlanPart => ({
  ...{ role: 'programme', programme: 'p1', title: 'Thông báo', sha256: name, type: SCENE_TYPE },
  ...{ offsetMs: 0, durationMs, ...more },
});

/** Stands from so many ms after the start until so many. */
export const standing = (
  from: number,
  until: number,
  parts: PlanPart[],
  more: Partial<PlanOccurrence> = {},
): PlanOccurrence => ({
  id: `${more.schedule ?? 's1'}@${BOARD_START + from}`,
  ...{ schedule: 's1', title: 'Bảng tin', priority: 'scheduled', resume: 'resume' },
  ...{ startAt: BOARD_START + from, endAt: BOARD_START + until, notAfter: BOARD_START + from + 60_000 },
  ...{ gainDb: 0, parts, ...more },
});
