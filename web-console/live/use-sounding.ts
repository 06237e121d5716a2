import { useTranslation } from 'react-i18next';
import type { DeviceSummary } from '#controller/http/contract/devices';
import { beats } from './link.ts';
import { useWatched } from './store.ts';

/**
 * What a device is playing, by its last word: the live link names the occurrence, the title comes with the next answer
 * about the device. Undefined: nothing.
 */
export function useSounding(device: Pick<DeviceSummary, 'id' | 'playing'>): string | undefined {
  const { t } = useTranslation();
  const beat = useWatched(beats, (all) => all.get(device.id));
  if (beat === undefined) return device.playing?.title;
  if (beat.playing === null) return undefined;
  return device.playing?.occurrence === beat.playing ? device.playing.title : t('status.playing');
}
