import { TimePicker } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import { DateField } from '../../../../parts/date-field.tsx';
import { useFormat } from '../../../../words/format.ts';

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** A moment of the site's wall clock; null for none. */
export function MomentField({
  label,
  value,
  onChange,
  usual,
}: {
  label: string;
  /** Epoch ms. */
  value: number | null;
  onChange: (at: number | null) => void;
  /** The time of the day that a date begins with. */
  usual: string;
}) {
  const { t } = useTranslation();
  const { place } = useFormat();
  const date = value === null ? null : place.dateOf(value);
  const time = value === null ? usual : clock(place.minuteOf(value));
  return (
    <div className="moment">
      <DateField
        label={label}
        value={date}
        onChange={(day) => onChange(day === null ? null : place.instant(day, time))}
      />
      {date !== null && (
        <span className="time">
          <TimePicker
            value={time}
            onChange={(next) => {
              if (/^\d\d:\d\d/.test(next)) onChange(place.instant(date, next.slice(0, 5)));
            }}
            hoursInputLabel={t('compose.hourOf', { label })}
            minutesInputLabel={t('compose.minuteOf', { label })}
          />
        </span>
      )}
    </div>
  );
}
