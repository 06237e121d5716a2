import { ActionIcon, Button, NumberInput } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TimedBrightness } from './draft.ts';

/** Brightness by the wall clock of the site, a row for each step. */
export function BrightnessSteps({
  steps,
  change,
  disabled,
}: {
  steps: readonly TimedBrightness[];
  change: (steps: TimedBrightness[]) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const put = (place: number, next: Partial<TimedBrightness>) =>
    change(steps.map((step, index) => (index === place ? { ...step, ...next } : step)));
  return (
    <>
      <ol className="volume-steps">
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other name than its place while it is typed
          <li key={index}>
            <span>{t('settings.from')}</span>
            <span className="time">
              <TimePicker
                value={step.from}
                onChange={(from) => put(index, { from: from.slice(0, 5) })}
                hoursInputLabel={t('settings.hour', { place: index + 1 })}
                minutesInputLabel={t('settings.minute', { place: index + 1 })}
                error={step.from === ''}
                disabled={disabled}
              />
            </span>
            <NumberInput
              aria-label={t('boards.brightness.step', { place: index + 1 })}
              value={step.brightness}
              onChange={(brightness) => typeof brightness === 'number' && put(index, { brightness })}
              min={0}
              max={100}
              step={5}
              allowDecimal={false}
              clampBehavior="strict"
              suffix=" %"
              disabled={disabled}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              disabled={disabled || steps.length === 1}
              onClick={() => change(steps.filter((_, place) => place !== index))}
              aria-label={t('settings.takeStep', { time: step.from })}
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
          disabled={disabled || steps.length >= 24}
          onClick={() => change([...steps, { from: '', brightness: 50 }])}
        >
          {t('settings.addStep')}
        </Button>
      </div>
    </>
  );
}
