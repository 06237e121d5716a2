import type { PlanOccurrence } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import { itemId, type StandingBoard, type StandingItem } from './standing-item.ts';

type FoundItem = Omit<StandingItem, 'scene' | 'boards'> & { readonly boards: StandingBoard[] };

/** What of an occurrence boards show: of one that goes round, everything. */
export const scenesIn = ({ parts }: Pick<PlanOccurrence, 'parts'>): PlanOccurrence['parts'] =>
  parts.filter(({ type }) => type === SCENE_TYPE);

/** Scenes that stand on boards, each once, with all its boards. */
export class Found {
  readonly #items = new Map<string, FoundItem>();

  get items(): Iterable<FoundItem> {
    return this.#items.values();
  }

  add(
    occurrence: PlanOccurrence,
    on: {
      readonly board: StandingBoard;
      readonly panel: { readonly width: number; readonly height: number };
      readonly since: number;
      readonly paused: boolean;
    },
  ): void {
    const { board, since, paused } = on;
    const { width, height } = on.panel;
    const { priority, endAt: until } = occurrence;
    for (const { sha256, title } of scenesIn(occurrence)) {
      const known = this.#items.get(sha256);
      // What stands somewhere is not paused, whatever stands before it elsewhere.
      if (known === undefined || (known.paused && !paused)) {
        this.#items.set(sha256, {
          ...{ id: itemId(sha256), sceneSha256: sha256, title, priority, since, until, paused },
          ...{ boards: [board], size: { width, height } },
        });
      } else if (known.paused === paused && !known.boards.some(({ name }) => name === board.name)) {
        known.boards.push(board);
        this.#items.set(sha256, {
          ...known,
          since: Math.min(known.since, since),
          until: Math.max(known.until, until),
        });
      }
    }
  }
}
