import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { without } from '../model/edits.ts';
import type { ItemOf } from '../model/items.ts';
import { MomentField } from '../pages/moment-field.tsx';
import { useComposer } from '../use-composer.tsx';

const ICONS = ['sun', 'cloud', 'rain', 'storm', 'wind', 'heat', 'water', 'air', 'price', 'people'] as const;

/** One figure with its name, and until when it is worth anything. */
export function TileFields({ item }: { item: ItemOf<'tile'> }) {
  const { t } = useTranslation();
  const { editItem } = useComposer();
  return (
    <>
      <TextInput
        label={t('compose.tileLabel')}
        placeholder={t('compose.tileLabelHint')}
        value={item.label}
        maxLength={80}
        onChange={(event) => {
          const label = event.currentTarget.value;
          editItem(() => ({ ...item, label }), 'label');
        }}
      />
      <div className="pair">
        <TextInput
          label={t('compose.tileValue')}
          placeholder="32"
          value={item.value}
          maxLength={40}
          onChange={(event) => {
            const value = event.currentTarget.value;
            editItem(() => ({ ...item, value }), 'value');
          }}
        />
        <TextInput
          label={t('compose.tileUnit')}
          placeholder="°C"
          value={item.unit ?? ''}
          maxLength={20}
          onChange={(event) => {
            const unit = event.currentTarget.value;
            editItem(() => (unit === '' ? without(item, 'unit') : { ...item, unit }), 'unit');
          }}
        />
      </div>
      <Select
        label={t('compose.tileIcon')}
        placeholder={t('compose.noIcon')}
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        value={item.icon ?? null}
        data={ICONS.map((value) => ({ value, label: t(`compose.icon.${value}`) }))}
        onChange={(value) => {
          const icon = ICONS.find((one) => one === value);
          editItem(() => (icon === undefined ? without(item, 'icon') : { ...item, icon }));
        }}
      />
      <MomentField
        label={t('compose.staleAt')}
        value={item.staleAt ?? null}
        usual="17:00"
        onChange={(at) =>
          editItem(() => (at === null ? without(item, 'staleAt') : { ...item, staleAt: at }), 'stale')
        }
      />
    </>
  );
}
