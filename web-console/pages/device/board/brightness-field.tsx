import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { PercentSlider } from '../../../parts/percent-slider.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';
import { BrightnessDay } from './brightness-day.tsx';
import { BrightnessSteps } from './brightness-steps.tsx';
import { type Brightness, type Draft, ruleOf, suggested } from './draft.ts';
import { LightCurve } from './light-curve.tsx';
import { LightPoints } from './light-points.tsx';

const WAYS = ['fixed', 'time', 'sun', 'sensor'] as const;

/** How bright the board is: always the same, by the time, by the sun where it stands, or by its own sensor. */
export function BrightnessField({
  draft,
  device,
  put,
  disabled,
}: {
  draft: Draft;
  device: DeviceDetail;
  put: (change: Partial<Draft>) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const { place } = useFormat();
  const now = useNow(60_000);
  const { brightness, fixed, off } = draft;
  const set = (next: Brightness) => put({ brightness: next });
  const senses = device.capabilities.lightSensor === true;
  const ways = WAYS.filter((by) => by !== 'sensor' || senses || brightness.by === 'sensor');
  return (
    <fieldset className="bare board-field" disabled={disabled}>
      <legend>{t('device.brightness')}</legend>
      <SegmentedControl
        fullWidth
        disabled={disabled}
        aria-label={t('device.brightness')}
        value={brightness.by}
        onChange={(value) => {
          const by = WAYS.find((way) => way === value);
          if (by !== undefined) set(suggested(by, fixed));
        }}
        data={ways.map((by) => ({ value: by, label: t(`boards.brightness.by.${by}`) }))}
      />
      {brightness.by === 'sensor' ? (
        <LightCurve points={brightness.points} lux={device.heartbeat?.board?.lux ?? null} />
      ) : (
        <BrightnessDay rule={ruleOf(brightness, device.boardPlace, place, now)} fixed={fixed} off={off} />
      )}
      {(brightness.by === 'fixed' || brightness.by === 'sensor') && (
        <PercentSlider
          label={t(brightness.by === 'fixed' ? 'boards.brightness.always' : 'boards.brightness.silent')}
          value={fixed}
          disabled={disabled}
          set={(value) => put({ fixed: value })}
        />
      )}
      {brightness.by === 'time' && (
        <BrightnessSteps
          steps={brightness.steps}
          change={(steps) => set({ ...brightness, steps })}
          disabled={disabled}
        />
      )}
      {brightness.by === 'sun' && (
        <>
          <PercentSlider
            label={t('boards.brightness.day')}
            value={brightness.day}
            disabled={disabled}
            set={(day) => set({ ...brightness, day })}
          />
          <PercentSlider
            label={t('boards.brightness.night')}
            value={brightness.night}
            disabled={disabled}
            set={(night) => set({ ...brightness, night })}
          />
          {device.boardPlace !== null && (
            <p className="hint">{t(`boards.brightness.place.${device.boardPlace.by}`)}</p>
          )}
        </>
      )}
      {brightness.by === 'sensor' && (
        <LightPoints rule={brightness} change={set} senses={senses} disabled={disabled} />
      )}
    </fieldset>
  );
}
