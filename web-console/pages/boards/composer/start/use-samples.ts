import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsIn } from '../model/items.ts';
import { TEMPLATES } from '../model/template-names.ts';
import { pagesOf, type Say } from '../templates.ts';

/** The sample words of the templates in the reader's language. */
export function useSay(): Say {
  const { t } = useTranslation();
  return useCallback((key) => t(`compose.sample.${key}`), [t]);
}

const GRIDS = [
  { width: 192, height: 96 },
  { width: 96, height: 192 },
  { width: 128, height: 32 },
];

/** Every text that a template begins with. */
export function useSamples(): ReadonlySet<string> {
  const say = useSay();
  return useMemo(() => {
    const texts = TEMPLATES.flatMap((name) =>
      GRIDS.flatMap((grid) =>
        pagesOf(name, say, grid).flatMap(({ zones }) => zones.map(({ item }) => wordsIn(item).text)),
      ),
    );
    return new Set(texts.filter((text) => text !== ''));
  }, [say]);
}
