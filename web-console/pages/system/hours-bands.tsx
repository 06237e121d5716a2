import { ActionIcon, Button } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AllowedHours } from '#controller/http/contract/policies';
import { minutesOf, shownUntil, storedUntil, wrongHours } from './hours.ts';

const DAY = 1_440;
const HOURS = ['00:00', '06:00', '12:00', '18:00', '24:00'];

/** When something may begin, as bands over a day and as times to be set. */
export function HoursBands({
  label,
  bands,
  change,
  disabled,
}: {
  label: string;
  bands: readonly AllowedHours[];
  change: (bands: AllowedHours[]) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const wrong = wrongHours(bands);
  const put = (place: number, next: Partial<AllowedHours>) =>
    change(bands.map((band, index) => (index === place ? { ...band, ...next } : band)));
  return (
    <fieldset className="bare hours-bands" disabled={disabled}>
      <legend>{label}</legend>
      <div className="hours-day" role="img" aria-label={t('guards.picture')}>
        <div className="hours-day-track">
          {wrong !== 'empty' &&
            bands.map(({ from, until }) => (
              <span
                key={`${from} ${until}`}
                style={{
                  left: `${(minutesOf(from) / DAY) * 100}%`,
                  width: `${(Math.max(0, minutesOf(until) - minutesOf(from)) / DAY) * 100}%`,
                }}
              />
            ))}
        </div>
        <div className="hours-day-words num dim" aria-hidden="true">
          {HOURS.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </div>
      </div>
      {bands.length === 0 && <p className="hint">{t('guards.always')}</p>}
      <ol className="hours-rows">
        {bands.map((band, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a band has no other name than its place while it is typed
          <li key={index}>
            <span>{t('guards.from')}</span>
            <span className="time">
              <TimePicker
                value={band.from}
                onChange={(from) => put(index, { from: from.slice(0, 5) })}
                hoursInputLabel={t('guards.fromHour', { place: index + 1 })}
                minutesInputLabel={t('guards.fromMinute', { place: index + 1 })}
                error={band.from === ''}
                disabled={disabled}
              />
            </span>
            <span>{t('guards.until')}</span>
            <span className="time">
              <TimePicker
                value={shownUntil(band.until)}
                onChange={(until) => put(index, { until: storedUntil(until.slice(0, 5)) })}
                hoursInputLabel={t('guards.untilHour', { place: index + 1 })}
                minutesInputLabel={t('guards.untilMinute', { place: index + 1 })}
                error={band.until === ''}
                disabled={disabled}
              />
            </span>
            {band.until === '24:00' && <span className="dim">{t('guards.midnight')}</span>}
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              disabled={disabled}
              onClick={() => change(bands.filter((_, place) => place !== index))}
              aria-label={t('guards.takeBand', { from: band.from, until: band.until })}
            >
              <IconX size={16} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      {wrong !== null && <p className="field-error">{t(`guards.wrong.${wrong}`)}</p>}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || bands.length >= 12}
          onClick={() => change([...bands, { from: '', until: '' }])}
        >
          {t('guards.addBand')}
        </Button>
      </div>
    </fieldset>
  );
}
