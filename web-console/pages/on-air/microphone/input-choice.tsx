import { Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWatched } from '../../../live/store.ts';
import type { Capture } from './capture.ts';

/** Which microphone; shown where there is more than one. */
export function InputChoice({ capture, choose }: { capture: Capture; choose: (deviceId: string) => void }) {
  const { t } = useTranslation();
  const { deviceId } = useWatched(capture.state, (state) => state);
  const [inputs, setInputs] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    const { mediaDevices } = navigator;
    let gone = false;
    const look = () =>
      void mediaDevices.enumerateDevices().then((devices) => {
        if (!gone) setInputs(devices.filter(({ kind, deviceId: id }) => kind === 'audioinput' && id !== ''));
      });
    look();
    mediaDevices.addEventListener('devicechange', look);
    return () => {
      gone = true;
      mediaDevices.removeEventListener('devicechange', look);
    };
  }, []);
  if (inputs.length < 2) return null;
  return (
    <Select
      label={t('mic.input')}
      data={inputs.map(({ deviceId: value, label }, index) => ({
        value,
        label: label === '' ? t('mic.inputUnnamed', { place: index + 1 }) : label,
      }))}
      value={deviceId}
      onChange={(next) => next !== null && choose(next)}
      allowDeselect={false}
    />
  );
}
