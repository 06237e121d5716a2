import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PercentSlider } from '../../parts/percent-slider.tsx';

/** As loud everywhere, or each speaker by its own volume. */
export function VolumeField({
  one,
  volume,
  change,
  disabled,
}: {
  one: boolean;
  volume: number;
  change: (change: { oneVolume?: boolean; volume?: number }) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Switch
        size="md"
        label={t('onAir.oneVolume')}
        description={t('onAir.oneVolumeHint')}
        checked={one}
        onChange={(event) => change({ oneVolume: event.currentTarget.checked })}
      />
      {one && (
        <PercentSlider
          label={t('onAir.volume')}
          value={volume}
          disabled={disabled}
          set={(next) => change({ volume: next })}
        />
      )}
    </>
  );
}
