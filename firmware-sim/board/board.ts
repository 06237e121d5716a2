import { type BoardFacts, type BoardMode, boardMode } from '#devices/board/mode';
import { type BoardSettings, FACTORY_BOARD, type Fallback } from '#devices/board/settings';
import type { BoardReport } from '#devices/messages/heartbeat';
import type { PlanOccurrence } from '#devices/plan';
import { after } from '../clock.ts';
import type { Performance, PerformanceObserver, Performer } from '../performance.ts';
import type { BoardDesk } from './board-desk.ts';
import { BoardPerformance, type Due, pageOf } from './board-performance.ts';
import { BrightnessControl } from './brightness-control.ts';
import { Matrix } from './matrix.ts';
import { OVER_IT } from './over-it.ts';
import { PanelHealth } from './panel-health.ts';
import { ProofPictures } from './proof-pictures.ts';
import { reportOf } from './report.ts';
import { SceneShelf } from './scene-shelf.ts';
import { type Drawn, Screen, type Sight } from './screen.ts';
import type { Ending } from './take.ts';

/** Also what stands still is looked at so often, so that what stopped is told from what stands. */
const AT_LEAST_EVERY_MS = 5_000;
/** What draws is broken: whether it draws again. */
const FROZEN_LOOK_MS = 250;
/** What could not be drawn is tried again. */
const TRY_AGAIN_MS = 1_000;
const MINUTE_MS = 60_000;
/** Scenes that are opened beforehand. */
const MOST_ARMED = 32;

/** The bulletin board: scenes in, pixels out, and a picture of them as evidence. One loop draws all there is to be seen. */
export class Board implements Performer {
  readonly #desk: BoardDesk;
  readonly #screen: Screen;
  readonly #matrix: Matrix;
  readonly #health: PanelHealth;
  readonly #shelf: SceneShelf;
  readonly #pictures: ProofPictures;
  readonly #brightness: BrightnessControl;
  readonly #bornAt: number;
  readonly #performances = new Set<BoardPerformance>();
  #on = false;
  #returned = false;
  #mode: BoardMode = 'power-return';
  #drawn: Drawn | null = null;
  /** Whose page stands. */
  #lit: BoardPerformance | null = null;
  #drawnAt: number;
  /** A page that is out of its time comes into it, epoch ms. */
  #validAt = Number.POSITIVE_INFINITY;
  #turning = false;
  /** Somebody asked for a look while there was one. */
  #askedAgain = false;
  #callOff: () => void = () => undefined;
  #stopWatching: () => void = () => undefined;

  constructor(desk: BoardDesk) {
    const { clock, panel, condition, fault, mended, onChange } = desk;
    this.#desk = desk;
    this.#screen = new Screen(panel);
    const frame = (): Uint8ClampedArray => this.#screen.frame.pixels;
    this.#matrix = new Matrix({ ...desk.matrix, size: panel }, frame, condition);
    this.#health = new PanelHealth({ matrix: this.#matrix, condition, frame, fault, mended, onChange });
    this.#shelf = new SceneShelf({ ...desk, size: panel, onReady: () => this.turn() });
    this.#pictures = new ProofPictures({
      ...{ size: panel, clock, evidence: desk.evidence, fault, share: desk.share },
      everyMs: () => this.#settings.pictureEveryMs,
      spreadMs: desk.pictureSpreadMs,
    });
    this.#brightness = new BrightnessControl(desk.sensor, () => {
      return { brightness: desk.settings().brightness, rule: this.#settings.brightness };
    });
    this.#bornAt = clock.base.monotonicMs();
    this.#drawnAt = this.#bornAt;
  }

  start(): void {
    this.#on = true;
    this.turn();
    this.#watch();
  }

  stop(): Promise<void> {
    this.#on = false;
    this.#callOff();
    this.#stopWatching();
    this.#shelf.close();
    this.#screen.show({ kind: 'dark' }, this.#desk.clock.now(), 0);
    return Promise.resolve();
  }

  /** Reads, decodes and lays out beforehand, so that lighting is only drawing. */
  arm(occurrence: PlanOccurrence): void {
    for (const part of occurrence.parts.slice(0, MOST_ARMED)) this.#open(part.sha256);
  }

  rename(): void {}

  perform(
    occurrence: PlanOccurrence,
    fromMs: number,
    at: number,
    observer: PerformanceObserver,
  ): Performance {
    const wall = {
      clock: this.#desk.clock,
      brightness: () => this.brightness,
      open: (sha256: string) => this.#open(sha256),
      turn: () => this.turn(),
    };
    const performance = new BoardPerformance(wall, occurrence, fromMs, at, observer);
    this.#performances.add(performance);
    this.turn();
    return performance;
  }

  async release(): Promise<void> {}

  /** Percent, now. */
  get brightness(): number {
    return this.#brightness.at(this.#desk.clock.now());
  }

  /** What the device tells of its panel. */
  get report(): BoardReport {
    const { clock, condition } = this.#desk;
    return reportOf({
      ...{ mode: this.#mode, drawn: this.#drawn, frame: this.#screen.frame, matrix: this.#matrix, condition },
      ...{ lux: this.#brightness.lux, drawnAgoMs: clock.base.monotonicMs() - this.#drawnAt },
    });
  }

  /** Makes a picture of what is lit now, read back from the panel. Resolves to its id when it is on its way. */
  capture(): Promise<string> {
    this.turn();
    return this.#pictures.asked(this.#matrix.read(), this.#desk.clock.now());
  }

  /** Files that what stands may still need, though no plan names them any more. */
  files(): Iterable<string> {
    return this.#shelf.files();
  }

  /** Files have come that may have been missed. */
  filesCame(): void {
    void this.#shelf.again();
    this.turn();
  }

  /** Looks at what is to be seen now, draws it, and sets the alarm for what comes next. */
  turn(): void {
    this.#askedAgain = this.#turning;
    if (!this.#on || this.#turning) return;
    this.#turning = true;
    try {
      this.#callOff();
      const { clock, condition } = this.#desk;
      const now = clock.now();
      const top = this.#top(now);
      const { mode, fallback } = this.#modeFor(top?.performance ?? null, now);
      const over = this.#unseen() ?? (fallback === null ? null : (OVER_IT[mode] ?? null));
      const hiddenAt = this.#health.has('renderer-frozen') ? clock.utcAt(this.#drawnAt) : now;
      for (const one of this.#performances) {
        if (over !== null) one.hidden(hiddenAt, over);
        else if (one !== top?.performance && top !== null) one.hidden(now, { end: 'preempted' });
      }
      if (!condition.frozen)
        this.#draw(this.#sight(top?.due ?? null, fallback, now), top, over === null, now);
      this.#changed(mode);
      const nextMs = condition.frozen ? FROZEN_LOOK_MS : this.#nextAt(now) - clock.now();
      this.#callOff = after(clock, this.#askedAgain ? 0 : Math.max(0, nextMs), () => this.turn());
    } catch (error) {
      // One scene that cannot be drawn must not end the device: what stood stands, and is told as frozen if it stays so.
      this.#desk.fault('scene-unreadable', error instanceof Error ? error.message : String(error));
      this.#callOff = after(this.#desk.clock, TRY_AGAIN_MS, () => this.turn());
    } finally {
      this.#turning = false;
    }
  }

  #draw(sight: Sight, top: Top | null, seen: boolean, now: number): void {
    const { clock, frameMs } = this.#desk;
    const before = this.#drawn;
    const drawn = this.#screen.show(sight, now, frameMs);
    if (drawn.news) setImmediate(() => this.#screen.prepare(sight, now));
    if (before?.scene !== drawn.scene) before?.scene?.rest();
    this.#drawn = drawn;
    this.#drawnAt = clock.base.monotonicMs();
    const { page, scene } = drawn;
    this.#pictures.look(now);
    const lit = top !== null && seen && page !== null && scene === top.due.opened ? top : null;
    if (lit !== null && page !== null) {
      const at = clock.now();
      lit.performance.lit(lit.due, { page, at, hash: () => this.#screen.frame.hash });
      if (this.#lit !== lit.performance || before?.scene !== scene || before?.page?.index !== page.index) {
        const { id } = lit.performance.occurrence;
        const turn = { occurrence: id, scene: lit.due.opened.sha256, page: page.index };
        this.#desk.onPageTurn?.({ ...turn, dueAt: now - drawn.sinceMs, litAt: at });
      }
    }
    this.#lit = lit?.performance ?? null;
    if (this.#mode === 'off') return;
    const id = this.#pictures.unasked(lit?.due.opened.sha256 ?? null, now, () => this.#matrix.read());
    if (id !== null) lit?.performance.pictured(id);
  }

  /** What has the board now, of what is due: an emergency first, else what came last. */
  #top(now: number): Top | null {
    let top: Top | null = null;
    this.#validAt = Number.POSITIVE_INFINITY;
    for (const performance of [...this.#performances]) {
      const due = performance.due(now);
      if (performance.over) this.#performances.delete(performance);
      if (due === null) continue;
      const place = pageOf(due, now);
      if (place?.page === null) {
        performance.empty(now);
        this.#validAt = Math.min(this.#validAt, now + place.nextInMs);
      } else if (top === null || urgent(performance) || !urgent(top.performance)) top = { performance, due };
    }
    return top;
  }

  #modeFor(top: BoardPerformance | null, now: number): ReturnType<typeof boardMode> {
    const { clock, line } = this.#desk;
    const { unlinkedMs, upToDate } = line();
    this.#returned ||= upToDate;
    const facts: BoardFacts = {
      chosen: top === null ? null : urgent(top) ? 'emergency' : 'other',
      clockSet: clock.trusted,
      unlinkedMs,
      returningMs: this.#returned ? null : clock.base.monotonicMs() - this.#bornAt,
    };
    return boardMode(this.#settings, facts, now);
  }

  /** Nothing of what is drawn reaches an eye. */
  #unseen(): Ending | null {
    if (this.#health.has('renderer-frozen')) return { end: 'fault', reason: 'renderer-frozen' };
    return this.#desk.condition.unpowered ? { end: 'fault', reason: 'panel-power' } : null;
  }

  #sight(due: Due | null, fallback: Fallback | null, now: number): Sight {
    if (fallback === null) {
      return due === null ? { kind: 'dark' } : { kind: 'scene', opened: due.opened, tMs: due.tMs };
    }
    if (fallback.show === 'scene') {
      const reading = this.#open(fallback.sha256);
      // By the clock, so that neighbouring boards turn together.
      return 'reason' in reading ? { kind: 'dark' } : { kind: 'scene', opened: reading.opened, tMs: now };
    }
    if (fallback.show === 'dark' || fallback.show === 'plan') return { kind: 'dark' };
    const { title, utcOffsetMinutes } = this.#settings;
    const face = { title, utcOffsetMinutes, clockSet: this.#desk.clock.trusted, language: 'vi' };
    return { kind: fallback.show, face };
  }

  #nextAt(now: number): number {
    const { fallbacks } = this.#settings;
    let next = Math.min(this.#validAt, now + AT_LEAST_EVERY_MS, now + MINUTE_MS - (now % MINUTE_MS));
    next = Math.min(next, this.#drawn?.freshUntil ?? next);
    for (const performance of this.#performances) next = Math.min(next, performance.nextAt(now));
    if (!this.#returned) {
      const returnedAt = this.#bornAt + fallbacks.powerReturnMs;
      const { clock } = this.#desk;
      if (returnedAt > clock.base.monotonicMs()) next = Math.min(next, clock.utcAt(returnedAt));
    }
    return next;
  }

  #changed(mode: BoardMode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#desk.onChange();
  }

  /** Apart from the loop that draws: it may be the very thing that stands still. */
  #watch(): void {
    const { clock } = this.#desk;
    this.#stopWatching = after(clock, AT_LEAST_EVERY_MS, () => {
      const moment = clock.base.monotonicMs();
      const before = this.#unseen()?.reason;
      this.#health.look(moment - this.#drawnAt, moment);
      if (this.#unseen()?.reason !== before) this.turn();
      void this.#shelf.again();
      this.#watch();
    });
  }

  #open(sha256: string): ReturnType<SceneShelf['open']> {
    return this.#shelf.open(sha256, this.#desk.clock.base.monotonicMs());
  }

  get #settings(): BoardSettings {
    return this.#desk.settings().board ?? FACTORY_BOARD;
  }
}

type Top = { readonly performance: BoardPerformance; readonly due: Due };

const urgent = ({ occurrence }: BoardPerformance): boolean => occurrence.priority === 'emergency';
