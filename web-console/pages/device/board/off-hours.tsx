import { ActionIcon, Button } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './draft.ts';

type Stretch = Draft['off'][number];

/** When the board is dark on purpose; an end before its beginning is over midnight. */
export function OffHours({
  off,
  change,
  disabled,
}: {
  off: readonly Stretch[];
  change: (off: Stretch[]) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const put = (place: number, next: Partial<Stretch>) =>
    change(off.map((stretch, index) => (index === place ? { ...stretch, ...next } : stretch)));
  return (
    <fieldset className="bare board-field" disabled={disabled}>
      <legend>{t('boards.off.title')}</legend>
      <p className="hint">{t(off.length === 0 ? 'boards.off.never' : 'boards.off.hint')}</p>
      <ol className="board-hours">
        {off.map((stretch, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stretch has no other name than its place while it is typed
          <li key={index}>
            <span>{t('guards.from')}</span>
            <span className="time">
              <TimePicker
                value={stretch.from}
                onChange={(from) => put(index, { from: from.slice(0, 5) })}
                hoursInputLabel={t('guards.fromHour', { place: index + 1 })}
                minutesInputLabel={t('guards.fromMinute', { place: index + 1 })}
                error={stretch.from === ''}
                disabled={disabled}
              />
            </span>
            <span>{t('guards.until')}</span>
            <span className="time">
              <TimePicker
                value={stretch.until}
                onChange={(until) => put(index, { until: until.slice(0, 5) })}
                hoursInputLabel={t('guards.untilHour', { place: index + 1 })}
                minutesInputLabel={t('guards.untilMinute', { place: index + 1 })}
                error={stretch.until === ''}
                disabled={disabled}
              />
            </span>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              disabled={disabled}
              onClick={() => change(off.filter((_, place) => place !== index))}
              aria-label={t('guards.takeBand', { from: stretch.from, until: stretch.until })}
            >
              <IconX size={16} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || off.length >= 12}
          onClick={() => change([...off, { from: '22:00', until: '05:00' }])}
        >
          {t('boards.off.add')}
        </Button>
      </div>
    </fieldset>
  );
}
