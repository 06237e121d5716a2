import type { z } from 'zod';
import type { DocumentLeft } from '../http/contract/visuals.ts';
import type { Block } from './piece.ts';

export type Left = z.infer<typeof DocumentLeft>;

/** What was found in a document. */
export interface Reading {
  readonly title: string | null;
  readonly blocks: readonly Block[];
  readonly left: readonly Left[];
}
