import { readFileSync } from 'node:fs';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import type { Size } from '#devices/render/brush';
import type { Show } from '#devices/render/show';
import { SCENE_TYPE, Scene } from '#devices/scene';
import type { Cache } from '../cache.ts';
import type { DeviceClock } from '../clock.ts';
import type { EvidencePost } from '../evidence-post.ts';
import type { Performance, PerformanceObserver, Performer } from '../performance.ts';
import { BoardPerformance, type Wall } from './board-performance.ts';
import { Panel } from './panel.ts';

export interface BoardDesk {
  readonly clock: DeviceClock;
  readonly cache: Cache;
  readonly panel: Size;
  readonly settings: () => { brightness: number };
  readonly evidence: EvidencePost;
  readonly fault: (what: string, detail: string) => void;
}

/** Laid-out scenes that are kept; a board repeats a few all day. */
const REMEMBERED = 32;

/** The bulletin board: scenes in, pixels out, and a picture of them as evidence. */
export class Board implements Performer {
  readonly #desk: BoardDesk;
  readonly #panel: Panel;
  readonly #wall: Wall;
  readonly #laidOut = new Map<string, Show>();
  #lit: object | null = null;

  constructor(desk: BoardDesk) {
    this.#desk = desk;
    this.#panel = new Panel(desk.panel);
    this.#wall = {
      clock: desk.clock,
      brightness: () => desk.settings().brightness,
      show: (part) => this.#show(part),
      light: (owner, show, tMs) => {
        this.#lit = owner;
        return this.#panel.show(show, tMs, desk.clock.now());
      },
      dark: (owner) => {
        if (this.#lit === owner) this.#dark();
      },
      prove: () => this.#prove(),
    };
  }

  start(): void {
    this.#dark();
  }

  stop(): Promise<void> {
    this.#dark();
    return Promise.resolve();
  }

  /** Reads and lays out beforehand, so that lighting is only drawing. */
  arm(occurrence: PlanOccurrence): void {
    for (const part of occurrence.parts.slice(0, REMEMBERED)) this.#show(part);
  }

  /** Scenes are made ready by their files, whatever they are shown for. */
  rename(): void {}

  perform(
    occurrence: PlanOccurrence,
    fromMs: number,
    at: number,
    observer: PerformanceObserver,
  ): Performance {
    const performance = new BoardPerformance(this.#wall, occurrence, fromMs, at, observer);
    performance.step();
    return performance;
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  /** A fresh picture of what is lit now, as PNG. */
  capture(): Promise<Buffer> {
    return this.#panel.png();
  }

  #dark(): void {
    this.#lit = null;
    this.#panel.clear();
  }

  #show(part: PlanPart): { show: Show } | { reason: string } {
    if (part.type !== SCENE_TYPE) return { reason: 'unsupported-media' };
    const known = this.#laidOut.get(part.sha256);
    if (known !== undefined) return { show: known };
    const { cache, fault } = this.#desk;
    if (!cache.has(part.sha256)) return { reason: 'blob-missing' };
    try {
      const scene = Scene.parse(JSON.parse(readFileSync(cache.path(part.sha256), 'utf8')));
      const show = this.#panel.layOut(scene);
      const oldest = this.#laidOut.keys().next();
      if (this.#laidOut.size >= REMEMBERED && oldest.done !== true) this.#laidOut.delete(oldest.value);
      this.#laidOut.set(part.sha256, show);
      return { show };
    } catch (error) {
      fault('scene-unreadable', error instanceof Error ? error.message : String(error));
      return { reason: 'scene-unreadable' };
    }
  }

  /** The hash at once, since the next page may come; the picture is encoded beside the program. */
  #prove(): { pixelsSha256: string; evidence: string } {
    const { evidence, fault } = this.#desk;
    const id = evidence.newId();
    const pixelsSha256 = this.#panel.hash();
    void this.#panel
      .png()
      .then((png) => evidence.keep(id, 'png', png))
      .catch((error: unknown) =>
        fault('evidence-failed', error instanceof Error ? error.message : String(error)),
      );
    return { pixelsSha256, evidence: id };
  }
}
