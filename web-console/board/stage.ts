import { brightnessAt } from '#devices/board/brightness';
import { type BoardMode, boardMode } from '#devices/board/mode';
import { type BoardSettings, FACTORY_BOARD, type Fallback } from '#devices/board/settings';
import type { DeviceClock } from '#devices/device-clock';
import type { Settings } from '#devices/kind';
import type { BoardReport } from '#devices/messages/heartbeat';
import { drawDark } from '#devices/render/dark';
import { drawFallback } from '#devices/render/idle';
import { drawShow, type Show } from '#devices/render/show';
import type { Conductor } from './conductor.ts';
import { Frames } from './frames.ts';
import { Media } from './media.ts';
import { PictureRule } from './picture-rule.ts';
import type { Place, Run } from './run.ts';
import type { Screen } from './screen.ts';
import type { Shows } from './shows.ts';

export interface StageDesk {
  readonly clock: DeviceClock;
  readonly screen: Screen;
  readonly shows: Shows;
  readonly conductor: Conductor;
  readonly settings: () => Pick<Settings, 'brightness' | 'board'>;
  /** For how long there has been no link, ms; 0 while there is one. */
  readonly unlinkedMs: () => number;
  /** Since the power came back, while plan and link are not known to be there again; null afterwards. */
  readonly returningMs: () => number | null;
  /** Another scene stands, or something else than before: worth telling. */
  readonly onChange: () => void;
  /** A scene stands that was not pictured lately. */
  readonly picture: () => void;
  /** Drawing failed. */
  readonly onFailure: (error: unknown) => void;
}

/** Modes and brightness change by the clock. */
const LOOK_EVERY_MS = 1_000;
/** Sooner than this the next frame of the screen is waited for, not a timer. */
const FRAME_MS = 34;
const MARK_EVERY_MS = 2_000;

/** Why nothing of what is due is seen, as records tell it. */
const OVER_IT: Partial<Record<BoardMode, string>> = {
  off: 'board-off',
  'clock-unset': 'clock-unsynced',
  'power-return': 'power-return',
  'link-lost': 'link-lost',
};

/** What stands on the screen at a moment. */
interface Standing {
  readonly mode: BoardMode;
  readonly scene: { readonly sha256: string; readonly page: number; readonly of: number } | null;
  readonly moving: boolean;
}

/** Draws: what the conductor chose, or the fallback that stands instead; frame by frame only while something moves. */
export class Stage {
  readonly #desk: StageDesk;
  /** For fallbacks, which have no pictures of their own. */
  readonly #media = new Media();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #running = false;
  #meantAt = Number.POSITIVE_INFINITY;
  #standing: Standing = { mode: 'idle', scene: null, moving: false };
  readonly #frames: Frames;
  readonly #pictures = new PictureRule();
  #markedAt = Number.NEGATIVE_INFINITY;
  brightness = 100;

  constructor(desk: StageDesk) {
    this.#desk = desk;
    this.#frames = new Frames(desk.clock.base);
  }

  start(): void {
    this.#running = true;
    this.turn();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
  }

  /** The board has another size, or its pixels are gone. */
  redraw(): void {
    this.#frames.forget();
    this.turn();
  }

  /** What is told of the panel. */
  report(): Omit<BoardReport, 'pixelsSha256'> & { readonly moving: boolean } {
    const { mode, scene, moving } = this.#standing;
    return { mode, scene, moving, drawnAgoMs: this.#frames.agoMs, powered: true };
  }

  /** Looks what is to stand now, draws it, and sets the alarm for what comes next. */
  turn(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    if (!this.#running) return;
    const { clock, conductor, onFailure } = this.#desk;
    conductor.woke(this.#meantAt);
    let inMs = LOOK_EVERY_MS;
    try {
      const now = clock.now();
      inMs = Math.min(inMs, this.#show(now) - clock.now());
    } catch (error) {
      onFailure(error);
    }
    this.#mark();
    if (inMs < FRAME_MS) {
      this.#meantAt = clock.base.monotonicMs() + FRAME_MS;
      // A page that is not shown gets no frames: then the timer goes on in their place.
      this.#frame = requestAnimationFrame(() => this.turn());
      this.#timer = setTimeout(() => this.turn(), LOOK_EVERY_MS);
      return;
    }
    this.#meantAt = clock.base.monotonicMs() + inMs;
    this.#timer = setTimeout(() => this.turn(), inMs);
  }

  /** @returns when to look again, epoch ms. */
  #show(now: number): number {
    const { clock, conductor, settings, unlinkedMs, returningMs, screen } = this.#desk;
    const { brightness: fixed, board = FACTORY_BOARD } = settings();
    const next = clock.trusted ? conductor.decide(now) : Number.POSITIVE_INFINITY;
    const cue = conductor.current;
    const chosen = cue === null ? null : cue.priority === 'emergency' ? 'emergency' : 'other';
    const facts = {
      chosen,
      clockSet: clock.trusted,
      unlinkedMs: unlinkedMs(),
      returningMs: returningMs(),
    } as const;
    const { mode, fallback } = boardMode(board, facts, now);
    this.brightness = brightnessAt(board.brightness, fixed, now).brightness;
    screen.dim(this.brightness);
    const run = cue?.run ?? null;
    if (fallback === null && run !== null) {
      const at = this.#perform(mode, run, now, () => {
        if (cue === null || cue.told) return;
        cue.told = true;
        cue.watch?.began(clock.now());
      });
      return Math.min(next, at);
    }
    if (cue !== null) {
      cue.covered = OVER_IT[mode] ?? null;
      run?.cut(now, 'stopped', cue.covered ?? undefined);
    }
    return Math.min(next, this.#fallback(mode, fallback, board, now));
  }

  #perform(mode: BoardMode, run: Run, now: number, began: () => void): number {
    const { shows, conductor } = this.#desk;
    const place = run.at(now);
    if (place === null) {
      run.dark(now);
      this.#dark(mode);
      return run.nextAt(now);
    }
    const after = run.at(place.untilAt + 1);
    if (after !== null && place.untilAt < run.endAt) shows.get(after.part.sha256);
    const prepared = shows.get(place.part.sha256);
    if (prepared.state !== 'ready') {
      if (prepared.state === 'failed') conductor.current?.failures.set(place.index, prepared.reason);
      run.dark(now);
      this.#dark(mode);
      return place.untilAt;
    }
    const at = this.#scene(mode, prepared.show, place, run, now);
    if (this.#standing.scene !== null) began();
    return Math.min(at, place.untilAt);
  }

  /** @returns when its pixels change, epoch ms. */
  #scene(mode: BoardMode, show: Show, place: Place, run: Run, now: number): number {
    const { screen, clock } = this.#desk;
    const { sha256 } = place.part;
    const what = `${sha256}@${place.sinceAt}`;
    const drawing = this.#frames.draw(what, () => drawShow(screen.brush, show, place.sceneMs, now));
    if (drawing === null) return this.#rightUntil(now);
    const { page, nextInMs } = drawing;
    if (page === null) {
      run.dark(now);
      this.#stands({ mode, scene: null, moving: false });
    } else {
      run.lit(place, page, clock.now(), () => screen.hash());
      this.#stands({ mode, scene: { sha256, page: page.index, of: page.of }, moving: page.moving });
      this.#picture(sha256);
    }
    return now + nextInMs;
  }

  #fallback(mode: BoardMode, fallback: Fallback | null, board: BoardSettings, now: number): number {
    const { screen, clock, shows } = this.#desk;
    if (fallback?.show === 'clock' || fallback?.show === 'name') {
      const { show } = fallback;
      const face = { title: board.title, utcOffsetMinutes: board.utcOffsetMinutes };
      const drawing = this.#frames.draw(`${mode}/${show}/${board.title}`, () =>
        drawFallback(
          ...([screen.brush, screen.size, { show }] as const),
          { ...face, clockSet: clock.trusted, language: 'vi' },
          now,
          this.#media,
        ),
      );
      this.#stands({ mode, scene: null, moving: false });
      return drawing === null ? this.#rightUntil(now) : now + drawing.nextInMs;
    }
    const prepared = fallback?.show === 'scene' ? shows.get(fallback.sha256) : null;
    if (fallback?.show !== 'scene' || prepared?.state !== 'ready') {
      this.#dark(mode);
      return Number.POSITIVE_INFINITY;
    }
    const { sha256 } = fallback;
    const { show } = prepared;
    // By the time of day, so that neighbours that fell back at other moments show the same page.
    const drawing = this.#frames.draw(sha256, () => drawShow(screen.brush, show, now % DAY_MS, now));
    const page = drawing?.page ?? null;
    const scene = page === null ? null : { sha256, page: page.index, of: page.of };
    if (drawing !== null) this.#stands({ mode, scene, moving: page?.moving ?? false });
    return drawing === null ? this.#rightUntil(now) : now + drawing.nextInMs;
  }

  #dark(mode: BoardMode): void {
    const { screen } = this.#desk;
    this.#frames.draw('dark', () => {
      drawDark(screen.brush, screen.size);
      return { nextInMs: Number.POSITIVE_INFINITY };
    });
    this.#stands({ mode, scene: null, moving: false });
  }

  /** @returns until when what stands is right, epoch ms. */
  #rightUntil(now: number): number {
    return now + this.#frames.rightForMs;
  }

  #stands(standing: Standing): void {
    const before = this.#standing;
    this.#standing = standing;
    if (before.mode !== standing.mode || before.scene?.sha256 !== standing.scene?.sha256)
      this.#desk.onChange();
  }

  #picture(sha256: string): void {
    const { clock, settings, picture } = this.#desk;
    const { pictureEveryMs } = settings().board ?? FACTORY_BOARD;
    if (this.#pictures.due(sha256, clock.base.monotonicMs(), pictureEveryMs)) picture();
  }

  #mark(): void {
    const at = this.#desk.clock.base.monotonicMs();
    if (at - this.#markedAt < MARK_EVERY_MS) return;
    this.#markedAt = at;
    this.#desk.conductor.mark();
  }
}

const DAY_MS = 86_400_000;
