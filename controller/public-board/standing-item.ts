import type { Scene } from '#devices/scene';

/** A board on which it stands: `lost` when nothing was heard of it since a moment, and it may still stand there. */
export interface StandingBoard {
  readonly name: string;
  readonly lostSince: number | null;
}

/** A scene that stands on boards now, or stands there again when what came between is over. */
export interface StandingItem {
  /** Names it in addresses; of the scene, so that a changed text is another item. */
  readonly id: string;
  readonly sceneSha256: string;
  readonly scene: Scene;
  readonly title: string;
  readonly priority: string;
  readonly since: number;
  readonly until: number;
  readonly boards: readonly StandingBoard[];
  /** Something else stands there for a while, such as an emergency. */
  readonly paused: boolean;
  /** Of the board on which it is drawn for the web. */
  readonly size: { readonly width: number; readonly height: number };
}

/** One that stood there before. */
export interface PastItem {
  readonly id: string;
  readonly sceneSha256: string;
  readonly title: string;
  readonly language: string;
  readonly words: string;
  readonly priority: string;
  readonly boards: readonly string[];
  readonly size: { readonly width: number; readonly height: number };
  readonly firstAt: number;
  readonly lastAt: number;
  /** The programme was taken out of the library: it is not shown again anywhere. */
  readonly withdrawn: boolean;
}

const ID_LENGTH = 16;
export const itemId = (sceneSha256: string): string => sceneSha256.slice(0, ID_LENGTH);
export const ITEM_ID = new RegExp(`^[0-9a-f]{${ID_LENGTH}}$`);
