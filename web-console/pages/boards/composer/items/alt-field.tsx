import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** What is to be seen on a picture: read to whoever cannot see it, and shown where the picture is broken. */
export function AltField({ value, onChange }: { value: string; onChange: (alt: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('compose.alt')}
      description={t('compose.altHint')}
      value={value}
      maxLength={500}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
