import type { ScenePage } from '#devices/scene/page';
import { isBlank, wordsIn } from './items.ts';

/** Something that only the composer sees: a zone with nothing in it, a sample that nobody wrote over. */
export interface Lack {
  readonly code: 'blank' | 'sample';
  readonly page: number;
  readonly zone: number;
}

/** @param samples the texts of the templates, in the reader's language. */
export function lacksOf(pages: readonly ScenePage[], samples: ReadonlySet<string>): Lack[] {
  return pages.flatMap(({ zones }, page) =>
    zones.flatMap(({ item }, zone): Lack[] => {
      if (isBlank(item)) return [{ code: 'blank', page, zone }];
      return samples.has(wordsIn(item).text) ? [{ code: 'sample', page, zone }] : [];
    }),
  );
}
