import type { Glyph } from './glyph.ts';

/** A text's body, or its heading, which is bolder. */
export type Voice = 'body' | 'heading';

/** Letters of one height and weight, drawn each time anew. Letters are as `lettersOf` gives them. */
export interface Cut {
  /** Whole pixels over and under the baseline that all letters keep to. */
  readonly ascent: number;
  readonly descent: number;
  readonly capitalPx: number;
  advance(letter: string, next?: string): number;
  draw(letter: string): Glyph;
}
