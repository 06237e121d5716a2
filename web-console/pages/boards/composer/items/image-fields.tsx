import type { ItemOf } from '../model/items.ts';
import { useComposer } from '../use-composer.tsx';
import { VisualNow } from '../visuals/visual-now.tsx';
import { AltField } from './alt-field.tsx';
import { FitField } from './fit-field.tsx';

export function ImageFields({ item }: { item: ItemOf<'image'> }) {
  const { editItem } = useComposer();
  return (
    <>
      <VisualNow
        kind="image"
        id={item.visual}
        choose={({ id, alt, title }) =>
          editItem(() => ({ ...item, visual: id, files: [], alt: alt === '' ? title : alt }))
        }
      />
      <FitField value={item.fit} onChange={(fit) => editItem(() => ({ ...item, fit, files: [] }))} />
      <AltField value={item.alt} onChange={(alt) => editItem(() => ({ ...item, alt }), 'alt')} />
    </>
  );
}
