import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail, TimedVolume } from '#controller/http/contract/devices';
import { PercentSlider } from '../../../parts/percent-slider.tsx';
import { stepsInOrder, suggestedSteps, wholeSteps } from './steps.ts';
import { VolumeSteps } from './volume-steps.tsx';

interface Change {
  volume?: number;
  volumeByTime?: TimedVolume[];
}

/** One volume all day, or steps by the clock of the site; steps count when they are saved together. */
export function VolumeByTime({
  device,
  set,
  saving,
  disabled,
}: {
  device: Pick<DeviceDetail, 'volume' | 'volumeByTime'>;
  set: (change: Change) => void;
  saving: boolean;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const [steps, setSteps] = useState(device.volumeByTime);
  const changed = JSON.stringify(stepsInOrder(steps)) !== JSON.stringify(device.volumeByTime);
  return (
    <div className="volumes">
      <SegmentedControl
        fullWidth
        aria-label={t('device.volume')}
        disabled={disabled}
        value={steps.length > 0 ? 'steps' : 'one'}
        onChange={(value) => {
          if (value === 'steps') setSteps(suggestedSteps(device.volume));
          else if (device.volumeByTime.length > 0) set({ volumeByTime: [] });
          else setSteps([]);
        }}
        data={[
          { value: 'one', label: t('settings.allDay') },
          { value: 'steps', label: t('settings.byTime') },
        ]}
      />
      {steps.length === 0 ? (
        <PercentSlider
          label={t('device.volume')}
          value={device.volume}
          disabled={disabled}
          set={(volume) => set({ volume })}
        />
      ) : (
        <VolumeSteps steps={steps} change={setSteps} usual={device.volume} disabled={disabled}>
          {changed && (
            <>
              <Button
                loading={saving}
                disabled={!wholeSteps(steps) || disabled}
                onClick={() => set({ volumeByTime: stepsInOrder(steps) })}
              >
                {t('action.save')}
              </Button>
              <Button variant="subtle" onClick={() => setSteps(device.volumeByTime)}>
                {t('action.cancel')}
              </Button>
            </>
          )}
        </VolumeSteps>
      )}
    </div>
  );
}
