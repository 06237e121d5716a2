import type { Composition } from './composition.ts';
import { isBlank, wordsIn } from './items.ts';

/** Something that only the composer sees: a zone with nothing in it, a sample that nobody wrote over, a picture without words. */
export interface Lack {
  readonly code: 'blank' | 'sample' | 'alt';
  readonly page: number;
  readonly zone: number;
}

/** @param samples the texts of the templates, in the reader's language. */
export function lacksOf({ pages }: Composition, samples: ReadonlySet<string>): Lack[] {
  return pages.flatMap(({ zones }, page) =>
    zones.flatMap(({ item }, zone): Lack[] => {
      if (isBlank(item)) return [{ code: 'blank', page, zone }];
      if (samples.has(wordsIn(item).text)) return [{ code: 'sample', page, zone }];
      if ((item.type === 'image' || item.type === 'video') && item.alt.trim() === '')
        return [{ code: 'alt', page, zone }];
      if (item.type === 'images' && item.pictures.some(({ alt }) => alt.trim() === ''))
        return [{ code: 'alt', page, zone }];
      return [];
    }),
  );
}
