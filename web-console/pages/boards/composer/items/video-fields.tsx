import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../words/format.ts';
import type { ItemOf } from '../model/items.ts';
import { useComposer } from '../use-composer.tsx';
import { VisualNow } from '../visuals/visual-now.tsx';
import { AltField } from './alt-field.tsx';

/** Longer films are cut there. */
const LONGEST_MS = 600_000;

export function VideoFields({ item }: { item: ItemOf<'video'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { editItem } = useComposer();
  return (
    <>
      <VisualNow
        kind="video"
        id={item.visual}
        choose={({ id, alt, title, durationMs }) =>
          editItem(() => ({
            ...item,
            visual: id,
            files: [],
            durationMs: Math.round(Math.min(LONGEST_MS, Math.max(1, durationMs ?? 10_000))),
            alt: alt === '' ? title : alt,
          }))
        }
      />
      <p className="hint">
        {item.visual !== undefined && `${format.span(item.durationMs)} · `}
        {t('compose.silent')}
      </p>
      <AltField value={item.alt} onChange={(alt) => editItem(() => ({ ...item, alt }), 'alt')} />
    </>
  );
}
