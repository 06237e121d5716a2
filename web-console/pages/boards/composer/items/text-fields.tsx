import { useTranslation } from 'react-i18next';
import { GROUND } from '../model/colours.ts';
import type { ItemOf } from '../model/items.ts';
import { useComposer } from '../use-composer.tsx';
import { DocumentButton } from './document-button.tsx';
import { RichText } from './rich-text.tsx';

/** Text of a document, as rich as can be read from across a road. */
export function TextFields({ item }: { item: ItemOf<'text'> }) {
  const { t } = useTranslation();
  const { pageAt, zoneAt, turn, page, zone, editItem } = useComposer();
  return (
    <>
      <RichText
        // Another zone is another text: nothing of the old one's letters stays.
        key={`${pageAt} ${zoneAt}`}
        label={t('compose.words')}
        value={item.paragraphs}
        ground={zone.ground ?? page.ground ?? GROUND}
        turn={turn}
        onChange={(paragraphs) =>
          editItem((before) => ({ ...before, type: 'text', paragraphs }) as typeof item, 'text')
        }
      />
      <DocumentButton
        empty={item.paragraphs.length === 0}
        take={(paragraphs, instead) =>
          editItem(() => ({
            ...item,
            paragraphs: (instead ? paragraphs : [...item.paragraphs, ...paragraphs]).slice(0, 200),
          }))
        }
      />
    </>
  );
}
