import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ItemOf } from '../model/items.ts';
import { useComposer } from '../use-composer.tsx';

const SHOWS = ['time', 'date', 'time-date'] as const;

export function ClockFields({ item }: { item: ItemOf<'clock'> }) {
  const { t } = useTranslation();
  const { editItem } = useComposer();
  return (
    <SegmentedControl
      fullWidth
      aria-label={t('compose.clockShows')}
      value={item.show}
      onChange={(value) => {
        const show = SHOWS.find((one) => one === value);
        if (show !== undefined) editItem(() => ({ ...item, show }));
      }}
      data={SHOWS.map((value) => ({ value, label: t(`compose.clock.${value}`) }))}
    />
  );
}
