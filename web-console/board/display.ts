import { FACTORY_BOARD } from '#devices/board/settings';
import type { DeviceClock } from '#devices/device-clock';
import type { Settings } from '#devices/kind';
import type { BoardReport, Heartbeat } from '#devices/messages/heartbeat';
import type { PlanOccurrence } from '#devices/plan';
import { Conductor } from './conductor.ts';
import type { EvidenceBook } from './evidence-book.ts';
import type { EvidencePost } from './evidence-post.ts';
import type { LinkWatch } from './link-watch.ts';
import { boardOn } from './options.ts';
import { type Screen, wholeScreen } from './screen.ts';
import type { Shelf } from './shelf.ts';
import { Shows } from './shows.ts';
import { Stage } from './stage.ts';

export interface DisplayDesk {
  readonly clock: DeviceClock;
  readonly boot: number;
  readonly screen: Screen;
  readonly shelf: Shelf;
  readonly book: EvidenceBook;
  readonly evidence: EvidencePost;
  readonly watch: LinkWatch;
  readonly settings: () => Settings;
  readonly fault: (what: string) => void;
  /** A file is damaged or gone. */
  readonly mend: () => void;
  /** Another thing stands than before. */
  readonly onChange: () => void;
  /** When the next thing begins, epoch ms. */
  readonly onNext: (nextAt: number) => void;
  readonly onDrawingFailed: (error: unknown) => void;
}

/** Scenes of an occurrence that are made ready before it begins. */
const ARMED = 4;

/** Everything between what is due and what is lit: who has the board, its scenes made ready, the drawing, its pictures. */
export class Display {
  readonly conductor: Conductor;
  readonly #desk: DisplayDesk;
  readonly #shows: Shows;
  readonly #stage: Stage;

  constructor(desk: DisplayDesk) {
    const { clock, screen, shelf, book, boot, watch, settings, fault, mend } = desk;
    this.#desk = desk;
    this.#shows = new Shows({
      ...{ shelf, size: () => screen.size, fault, mend },
      wake: () => this.#stage.turn(),
      renewed: () => this.#stage.redraw(),
    });
    this.conductor = new Conductor({
      ...{ clock, book, boot, brightness: () => this.#stage.brightness },
      arm: (occurrence) => this.arm(occurrence),
      wake: () => {
        desk.onNext(this.conductor.nextStart);
        this.#stage.turn();
      },
    });
    this.#stage = new Stage({
      ...{ clock, screen, settings, shows: this.#shows, conductor: this.conductor },
      unlinkedMs: () => watch.unlinkedMs,
      returningMs: () => watch.returningMs,
      onChange: desk.onChange,
      picture: () => void this.picture().catch(() => fault('picture-failed')),
      onFailure: desk.onDrawingFailed,
    });
  }

  start(): void {
    this.#stage.start();
  }

  async stop(): Promise<void> {
    this.#stage.stop();
    await this.conductor.stop();
  }

  /** Something that the mode goes by may have changed. */
  turn(): void {
    this.#stage.turn();
  }

  /** The window has another size, or the board another rectangle. @returns whether the board's size is another one. */
  refit(): boolean {
    const { screen, settings } = this.#desk;
    const { rectangle } = settings().board ?? FACTORY_BOARD;
    const other = screen.place(boardOn(wholeScreen(), rectangle));
    if (other) this.#shows.clear();
    this.#stage.redraw();
    return other;
  }

  /** Reads and lays out beforehand, so that showing is only drawing. */
  arm(occurrence: PlanOccurrence): void {
    for (const { sha256 } of occurrence.parts.slice(0, ARMED)) this.#shows.get(sha256);
  }

  /** A picture of what stands now, to be sent. @returns its id. */
  async picture(): Promise<string> {
    const { screen, clock, evidence } = this.#desk;
    const id = evidence.newId();
    this.conductor.current?.run?.pictured(id);
    const takenAt = clock.now();
    await evidence.keep(id, await screen.picture(), takenAt);
    return id;
  }

  /** What a heartbeat tells of it. */
  async account(): Promise<{ playing: Heartbeat['playing']; brightness: number; board: BoardReport }> {
    const { moving, ...board } = this.#stage.report();
    const cue = this.conductor.current;
    const shown = board.mode === 'playing' || board.mode === 'emergency';
    return {
      brightness: this.#stage.brightness,
      playing: cue === null || !shown ? null : { occurrence: cue.id, title: cue.occurrence.title },
      board: moving ? board : { ...board, pixelsSha256: await this.#desk.screen.hash() },
    };
  }
}
