import { ActionIcon, Button, NumberInput } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimedVolume } from '#controller/http/contract/devices';
import { stepsInOrder, wholeSteps } from './steps.ts';
import { VolumeDay } from './volume-day.tsx';

/** The volume over the day: a picture, and a row for each step. `children` stand beside the button that adds one. */
export function VolumeSteps({
  steps,
  change,
  usual,
  disabled,
  children,
}: {
  steps: readonly TimedVolume[];
  change: (steps: TimedVolume[]) => void;
  /** What a new step starts with, in percent. */
  usual: number;
  disabled: boolean;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const put = (place: number, next: Partial<TimedVolume>) =>
    change(steps.map((step, index) => (index === place ? { ...step, ...next } : step)));
  return (
    <div className="volumes">
      <VolumeDay steps={stepsInOrder(steps.filter(({ from }) => from !== ''))} />
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
              aria-label={t('settings.stepVolume', { place: index + 1 })}
              value={step.volume}
              onChange={(volume) => typeof volume === 'number' && put(index, { volume })}
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
      {!wholeSteps(steps) && <p className="field-error">{t('settings.twice')}</p>}
      <div className="page-actions">
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || steps.length >= 24}
          onClick={() => change([...steps, { from: '', volume: usual }])}
        >
          {t('settings.addStep')}
        </Button>
        {children}
      </div>
    </div>
  );
}
