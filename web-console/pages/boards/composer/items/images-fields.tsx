import { ActionIcon, Button, NumberInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPhotoPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../../../../api/client.ts';
import type { ItemOf } from '../model/items.ts';
import { useComposer } from '../use-composer.tsx';
import { VisualPicker } from '../visuals/visual-picker.tsx';
import { AltField } from './alt-field.tsx';
import { FitField } from './fit-field.tsx';

const MOST = 30;

/** Pictures one after another. */
export function ImagesFields({ item }: { item: ItemOf<'images'> }) {
  const { t } = useTranslation();
  const { editItem } = useComposer();
  const [open, setOpen] = useState(false);
  const { pictures } = item;
  const put = (next: typeof pictures, key?: string) => editItem(() => ({ ...item, pictures: next }), key);
  const move = (at: number, to: number) => {
    const picture = pictures[at];
    if (picture !== undefined) put(pictures.toSpliced(at, 1).toSpliced(to, 0, picture));
  };
  return (
    <>
      <ul className="picture-rows">
        {pictures.map((picture, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may stand there twice
          <li key={at}>
            <div className="visual-now">
              {picture.visual === undefined ? (
                <span />
              ) : (
                <img
                  src={addressOf('GET /visuals/{id}/thumbnail', { params: { id: picture.visual } })}
                  alt={picture.alt}
                />
              )}
              <div>
                <AltField
                  value={picture.alt}
                  onChange={(alt) =>
                    put(
                      pictures.map((other, index) => (index === at ? { ...other, alt } : other)),
                      `alt ${at}`,
                    )
                  }
                />
                <div className="row-tools">
                  <ActionIcon
                    size={44}
                    variant="subtle"
                    color="gray"
                    disabled={at === 0}
                    aria-label={t('compose.pictureUp', { at: at + 1 })}
                    onClick={() => move(at, at - 1)}
                  >
                    <IconArrowUp size={18} />
                  </ActionIcon>
                  <ActionIcon
                    size={44}
                    variant="subtle"
                    color="gray"
                    disabled={at === pictures.length - 1}
                    aria-label={t('compose.pictureDown', { at: at + 1 })}
                    onClick={() => move(at, at + 1)}
                  >
                    <IconArrowDown size={18} />
                  </ActionIcon>
                  <ActionIcon
                    size={44}
                    variant="subtle"
                    color="gray"
                    aria-label={t('compose.pictureRemove', { at: at + 1 })}
                    onClick={() => put(pictures.toSpliced(at, 1))}
                  >
                    <IconX size={18} />
                  </ActionIcon>
                </div>
              </div>
            </div>
          </li>
        ))}
      </ul>
      <Button
        variant={pictures.length === 0 ? 'filled' : 'default'}
        leftSection={<IconPhotoPlus size={18} />}
        disabled={pictures.length >= MOST}
        onClick={() => setOpen(true)}
      >
        {t('compose.addPicture')}
      </Button>
      {open && (
        <VisualPicker
          kind="image"
          choose={({ id, alt, title }) =>
            put([...pictures, { visual: id, files: [], alt: alt === '' ? title : alt }])
          }
          close={() => setOpen(false)}
        />
      )}
      <NumberInput
        label={t('compose.each')}
        value={item.eachMs / 1_000}
        min={2}
        max={600}
        allowDecimal={false}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 2)
            editItem(() => ({ ...item, eachMs: Math.round(value) * 1_000 }), 'each');
        }}
      />
      <FitField
        value={item.fit}
        onChange={(fit) =>
          editItem(() => ({ ...item, fit, pictures: pictures.map((picture) => ({ ...picture, files: [] })) }))
        }
      />
    </>
  );
}
