import type { Matrix } from './matrix.ts';
import type { PanelCondition } from './panel-condition.ts';

/** A renderer that drew nothing for so long has stopped. */
export const FROZEN_AFTER_MS = 15_000;
/** What goes on is told again after so long, since faults are shown for a while after they were told last. */
const TELL_AGAIN_MS = 5 * 60_000;

const TROUBLES = {
  'renderer-frozen': 'nothing was drawn for more than 15 s',
  'panel-power': 'the panel has no power',
  'panel-dead-pixels': 'pixels that do not light',
  'panel-stuck': 'a part of the panel shows something else than was drawn',
} as const;
export type PanelTrouble = keyof typeof TROUBLES;

export interface PanelHealthDesk {
  readonly matrix: Matrix;
  readonly condition: PanelCondition;
  /** The RGBA rows that were drawn. */
  readonly frame: () => Uint8ClampedArray;
  readonly fault: (what: string, detail: string) => void;
  readonly mended: (what: string) => void;
  /** Something that the controller is to hear of soon. */
  readonly onChange: () => void;
}

/** What the device finds wrong with its panel and its renderer, and tells once, and again when it is well. */
export class PanelHealth {
  readonly #desk: PanelHealthDesk;
  readonly #told = new Map<PanelTrouble, number>();

  constructor(desk: PanelHealthDesk) {
    this.#desk = desk;
  }

  has(trouble: PanelTrouble): boolean {
    return this.#told.has(trouble);
  }

  /** @param drawnAgoMs since a frame was really drawn. @param now of the monotonic clock, ms. */
  look(drawnAgoMs: number, now: number): void {
    const { unpowered, dead } = this.#desk.condition;
    this.#say('renderer-frozen', drawnAgoMs > FROZEN_AFTER_MS, now);
    this.#say('panel-power', unpowered, now);
    this.#say('panel-dead-pixels', dead.size > 0, now);
    // Without power nothing can be read back, and while nothing is drawn nothing is compared.
    if (!unpowered && !this.has('renderer-frozen')) this.#say('panel-stuck', this.#differs(), now);
  }

  /** Whether lit pixels show something else than was drawn, dead ones left aside. */
  #differs(): boolean {
    const { matrix, frame, condition } = this.#desk;
    if (condition.stuck === null && condition.dead.size === 0) return false;
    const drawn = frame();
    const read = matrix.read();
    for (let at = 0; at < drawn.length; at += 1) {
      if (drawn[at] !== read[at] && !condition.dead.has(at >> 2)) return true;
    }
    return false;
  }

  #say(trouble: PanelTrouble, is: boolean, now: number): void {
    const { fault, mended, onChange } = this.#desk;
    const since = this.#told.get(trouble);
    if (!is) {
      if (this.#told.delete(trouble)) {
        mended(trouble);
        onChange();
      }
      return;
    }
    if (since !== undefined && now - since < TELL_AGAIN_MS) return;
    this.#told.set(trouble, now);
    fault(trouble, TROUBLES[trouble]);
    if (since === undefined) onChange();
  }
}
