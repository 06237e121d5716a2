import { ActionIcon, Button, NumberInput, SegmentedControl } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail, TimedVolume } from '#controller/http/contract/devices';
import { PercentSlider } from '../../../parts/percent-slider.tsx';
import { VolumeDay } from './volume-day.tsx';

interface Change {
  volume?: number;
  volumeByTime?: TimedVolume[];
}
/** For a start: by day as now, in the early morning and at night softer. */
const suggested = (volume: number): TimedVolume[] => [
  { from: '05:00', volume: Math.round(volume * 0.7) },
  { from: '07:00', volume },
  { from: '21:00', volume: Math.round(volume * 0.5) },
];
const inOrder = (steps: readonly TimedVolume[]) =>
  steps.toSorted((one, other) => (one.from < other.from ? -1 : 1));
const whole = (steps: readonly TimedVolume[]) =>
  steps.every(({ from }) => from !== '') && new Set(steps.map(({ from }) => from)).size === steps.length;

/** One volume all day, or steps by the clock of the site; steps count when they are saved together. */
export function VolumeByTime({
  device,
  set,
  saving,
  disabled,
}: {
  device: Pick<DeviceDetail, 'volume' | 'volumeByTime' | 'volumeNow'>;
  set: (change: Change) => void;
  saving: boolean;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const [steps, setSteps] = useState(device.volumeByTime);
  const byTime = steps.length > 0;
  const changed = JSON.stringify(inOrder(steps)) !== JSON.stringify(device.volumeByTime);
  const put = (place: number, change: Partial<TimedVolume>) =>
    setSteps(steps.map((step, index) => (index === place ? { ...step, ...change } : step)));
  return (
    <div className="volumes">
      <SegmentedControl
        fullWidth
        aria-label={t('device.volume')}
        disabled={disabled}
        value={byTime ? 'steps' : 'one'}
        onChange={(value) => {
          if (value === 'steps') setSteps(suggested(device.volume));
          else if (device.volumeByTime.length > 0) set({ volumeByTime: [] });
          else setSteps([]);
        }}
        data={[
          { value: 'one', label: t('settings.allDay') },
          { value: 'steps', label: t('settings.byTime') },
        ]}
      />
      {byTime ? (
        <>
          <VolumeDay steps={inOrder(steps.filter(({ from }) => from !== ''))} />
          <ol className="volume-steps">
            {steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other name than its place while it is typed
              <li key={index}>
                <span>{t('settings.from')}</span>
                <TimePicker
                  value={step.from}
                  onChange={(from) => put(index, { from: from.slice(0, 5) })}
                  hoursInputLabel={t('settings.hour', { place: index + 1 })}
                  minutesInputLabel={t('settings.minute', { place: index + 1 })}
                  error={step.from === ''}
                  disabled={disabled}
                />
                <NumberInput
                  aria-label={t('settings.stepVolume', { place: index + 1 })}
                  value={step.volume}
                  onChange={(volume) => typeof volume === 'number' && put(index, { volume })}
                  min={0}
                  max={100}
                  step={5}
                  clampBehavior="strict"
                  suffix=" %"
                  disabled={disabled}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={44}
                  disabled={disabled || steps.length === 1}
                  onClick={() => setSteps(steps.filter((_, place) => place !== index))}
                  aria-label={t('settings.takeStep', { time: step.from })}
                >
                  <IconX size={16} />
                </ActionIcon>
              </li>
            ))}
          </ol>
          {!whole(steps) && <p className="field-error">{t('settings.twice')}</p>}
          <div className="page-actions">
            <Button
              variant="default"
              leftSection={<IconPlus size={16} />}
              disabled={disabled || steps.length >= 24}
              onClick={() => setSteps([...steps, { from: '', volume: device.volume }])}
            >
              {t('settings.addStep')}
            </Button>
            {changed && (
              <Button
                loading={saving}
                disabled={!whole(steps) || disabled}
                onClick={() => set({ volumeByTime: inOrder(steps) })}
              >
                {t('action.save')}
              </Button>
            )}
            {changed && (
              <Button variant="subtle" onClick={() => setSteps(device.volumeByTime)}>
                {t('action.cancel')}
              </Button>
            )}
          </div>
        </>
      ) : (
        <PercentSlider
          label={t('device.volume')}
          value={device.volume}
          disabled={disabled}
          set={(volume) => set({ volume })}
        />
      )}
    </div>
  );
}
