import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** What a thing in the library is called; found missing only once saving was `tried`. */
export function TitleField({
  value,
  change,
  tried,
  placeholder,
}: {
  value: string;
  change: (title: string) => void;
  tried: boolean;
  placeholder?: string;
}) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('library.title')}
      placeholder={placeholder}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      error={tried && value.trim() === '' && t('form.titleMissing')}
      maxLength={200}
      data-autofocus
    />
  );
}
