import { Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ItemOf } from '../model/items.ts';
import { useSamples } from '../start/use-samples.ts';
import { useComposer } from '../use-composer.tsx';

export function TickerFields({ item }: { item: ItemOf<'ticker'> }) {
  const { t } = useTranslation();
  const { editItem } = useComposer();
  const samples = useSamples();
  return (
    <>
      <Textarea
        label={t('compose.tickerText')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2_000}
        value={item.text}
        // The words of the template are there to be written over.
        onFocus={(event) => {
          if (samples.has(item.text)) event.currentTarget.select();
        }}
        onChange={(event) => {
          // One line: a line end would be a gap that runs by.
          const text = event.currentTarget.value.replace(/\s*\n\s*/g, ' ');
          editItem(() => ({ ...item, text }), 'text');
        }}
      />
      <p className="hint">{t('compose.tickerHint')}</p>
    </>
  );
}
