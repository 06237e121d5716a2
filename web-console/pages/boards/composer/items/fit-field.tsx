import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Fit = 'contain' | 'cover';
const FITS = ['contain', 'cover'] as const;

export function FitField({ value, onChange }: { value: Fit; onChange: (fit: Fit) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      fullWidth
      aria-label={t('compose.fit')}
      value={value}
      onChange={(next) => {
        const fit = FITS.find((one) => one === next);
        if (fit !== undefined) onChange(fit);
      }}
      data={FITS.map((one) => ({ value: one, label: t(`compose.fits.${one}`) }))}
    />
  );
}
