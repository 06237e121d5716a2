import { Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { without } from '../model/edits.ts';
import type { ItemOf } from '../model/items.ts';
import { useSamples } from '../start/use-samples.ts';
import { useComposer } from '../use-composer.tsx';

export function NoticeFields({ item }: { item: ItemOf<'notice'> }) {
  const { t } = useTranslation();
  const { editItem } = useComposer();
  const samples = useSamples();
  return (
    <>
      <TextInput
        label={t('compose.heading')}
        value={item.heading ?? ''}
        maxLength={200}
        onChange={(event) => {
          const heading = event.currentTarget.value;
          editItem(() => (heading === '' ? without(item, 'heading') : { ...item, heading }), 'heading');
        }}
      />
      <Textarea
        label={t('compose.words')}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={4_000}
        value={item.text}
        // The words of the template are there to be written over.
        onFocus={(event) => {
          if (samples.has(item.text)) event.currentTarget.select();
        }}
        onChange={(event) => {
          const text = event.currentTarget.value;
          editItem(() => ({ ...item, text }), 'text');
        }}
      />
    </>
  );
}
