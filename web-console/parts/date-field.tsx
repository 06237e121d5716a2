import '@mantine/dates/styles.css';
import { DatePickerInput, DatesProvider } from '@mantine/dates';
import 'dayjs/locale/vi';
import { useTranslation } from 'react-i18next';

/** A date of the wall calendar, `2026-11-24`, shown as `24/11/2026`; weeks begin on Monday. */
export function DateField({
  label,
  value,
  onChange,
  clearable = true,
  hidden = false,
  placeholder,
}: {
  label: string;
  value: string | null;
  onChange: (date: string | null) => void;
  clearable?: boolean;
  /** The label is spoken, not shown. */
  hidden?: boolean;
  placeholder?: string;
}) {
  const { t, i18n } = useTranslation();
  return (
    <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1 }}>
      <DatePickerInput
        {...(hidden ? { 'aria-label': label } : { label })}
        valueFormat="DD/MM/YYYY"
        placeholder={placeholder ?? t('date.none')}
        value={value}
        onChange={onChange}
        clearable={clearable}
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        popoverProps={{ shadow: 'md' }}
      />
    </DatesProvider>
  );
}
