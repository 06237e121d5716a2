import type { Assets } from './assets.ts';
import type { Box } from './box.ts';
import type { Brush, Size } from './brush.ts';
import type { Raster } from './raster.ts';

/** What stands in a zone at a moment: the same name, the same pixels. */
export interface Moment {
  readonly name: string;
  /** Until its pixels change. */
  readonly nextInMs: number;
}

/** It stands as it is. */
export const STILL: Moment = { name: '', nextInMs: Number.POSITIVE_INFINITY };

/** What became of an item's letters, for whoever judges it before it is published. */
export interface Setting {
  /** Heights of lines that were used, the smallest first; none where nothing is written. */
  readonly linePx: readonly number[];
  /** Of the smallest. */
  readonly capitalPx: number | null;
  /** Words that had to be cut because they are wider than the zone. */
  readonly broken: readonly string[];
  /** Whether something is cut off since the zone is too small for a single line. */
  readonly clipped: boolean;
  /** Of a line that runs. */
  readonly lettersASecond?: number;
}
export const UNWRITTEN: Setting = { linePx: [], capitalPx: null, broken: [], clipped: false };

/** An item set in a zone of a size: laid out once, drawn whenever it is asked for. */
export interface Act {
  /** How many pages it needs. */
  readonly pages: number;
  /** Whether pixels change while one of its pages stands. */
  readonly moving: boolean;
  /** How long it takes by itself, all pages together: a film, a line that runs through; 0 for what stands still. */
  readonly lastsMs: number;
  readonly setting: Setting;
  /** What is read on a page. */
  words(page: number): string;
  /** @param groupMs since the first of its pages stood. @param now epoch ms. */
  at(page: number, groupMs: number, now: number): Moment;
  /** Writes what stands; `raster` has the zone's size and is filled with its ground. */
  paint(raster: Raster, page: number, groupMs: number, now: number): void;
  /** Lays pictures over it, at the zone's place on the board. */
  readonly draw?: (brush: Brush, box: Box, groupMs: number, assets: Assets) => void;
  /** Set where `draw` is called for every frame, and its pictures are never part of the page's still pixels. */
  readonly everyFrame?: true;
}

/** What an item is set for. */
export interface Place {
  /** Of the zone. */
  readonly size: Size;
  /** Of the whole board, by which letters are judged too small. */
  readonly board: Size;
  readonly ground: string;
  /** BCP 47. */
  readonly language: string;
}
