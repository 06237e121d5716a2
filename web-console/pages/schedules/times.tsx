import { ActionIcon, Button } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** One time or several on the same days. */
export function Times({
  times,
  onChange,
  error,
}: {
  times: string[];
  onChange: (times: string[]) => void;
  error: string | false;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="bare">
      <legend>{t('schedules.times')}</legend>
      <div className="times">
        {times.map((time, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a time has no other name than its place, and may be twice the same while typed
          <span key={index} className="time">
            <TimePicker
              value={time}
              withSeconds={time.length > 5}
              onChange={(value) => onChange(times.map((other, place) => (place === index ? value : other)))}
              hoursInputLabel={t('schedules.hour', { place: index + 1 })}
              minutesInputLabel={t('schedules.minute', { place: index + 1 })}
              secondsInputLabel={t('schedules.second', { place: index + 1 })}
              error={error !== false && time === ''}
            />
            {times.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={44}
                onClick={() => onChange(times.filter((_, place) => place !== index))}
                aria-label={t('schedules.takeTime', { time })}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </span>
        ))}
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => onChange([...times, later(times.at(-1) ?? '06:00')])}
          disabled={times.length >= 48}
        >
          {t('schedules.addTime')}
        </Button>
      </div>
      {error !== false && <p className="field-error">{error}</p>}
    </fieldset>
  );
}

/** An hour later, for a start: nearer to what is wanted than an empty field. */
const later = (time: string): string =>
  `${String((Number(time.slice(0, 2)) + 1) % 24).padStart(2, '0')}${time.slice(2, 5) || ':00'}`;
