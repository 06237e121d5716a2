import { Button, Checkbox, Drawer, SegmentedControl } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { PercentSlider } from '../../parts/percent-slider.tsx';
import { useSay } from '../../parts/undo.tsx';
import { wholeOff } from '../device/board/draft.ts';
import { OffHours } from '../device/board/off-hours.tsx';
import { suggestedSteps, wholeSteps } from '../device/settings/steps.ts';
import { VolumeSteps } from '../device/settings/volume-steps.tsx';
import '../device/board/board.css';
import '../device/settings/settings.css';

const FIELDS = ['volume', 'byTime', 'mute', 'brightness', 'off'] as const;
type Field = (typeof FIELDS)[number];

/** Settings of many devices at once: only what is ticked changes. */
export function ManySettings({
  devices,
  close,
  done,
}: {
  devices: readonly string[];
  close: () => void;
  done: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const [ticked, setTicked] = useState<readonly Field[]>([]);
  const [volume, setVolume] = useState(80);
  const [steps, setSteps] = useState(() => suggestedSteps(80));
  const [muted, setMuted] = useState(true);
  const [brightness, setBrightness] = useState(80);
  const [off, setOff] = useState([{ from: '22:00', until: '05:00' }]);
  const count = devices.length;
  const save = useMutation({
    mutationFn: () =>
      api('PATCH /devices', {
        body: {
          targets: devices.map((id) => ({ kind: 'device' as const, id })),
          change: {
            // One volume all day takes the place of steps.
            ...(ticked.includes('volume') ? { volume, volumeByTime: [] } : {}),
            ...(ticked.includes('byTime') ? { volumeByTime: steps } : {}),
            ...(ticked.includes('mute') ? { muted } : {}),
            ...(ticked.includes('brightness') ? { brightness } : {}),
            ...(ticked.includes('brightness') || ticked.includes('off')
              ? {
                  board: {
                    // One level all day takes the place of every rule.
                    ...(ticked.includes('brightness') ? { brightness: { by: 'fixed' as const } } : {}),
                    ...(ticked.includes('off') ? { off } : {}),
                  },
                }
              : {}),
          },
        },
      }),
    onSuccess: (answer) => {
      say.done(t('many.saved', { count: answer.devices.length }));
      done();
      return client.invalidateQueries();
    },
    onError: say.failed,
  });
  const tick = (field: Field, on: boolean) =>
    setTicked([
      ...ticked.filter(
        (other) =>
          other !== field &&
          !(on && ((field === 'volume' && other === 'byTime') || (field === 'byTime' && other === 'volume'))),
      ),
      ...(on ? [field] : []),
    ]);
  const editors: Record<Field, React.ReactNode> = {
    volume: <PercentSlider label={t('device.volume')} value={volume} disabled={false} set={setVolume} />,
    byTime: <VolumeSteps steps={steps} change={setSteps} usual={volume} disabled={false} />,
    mute: (
      <SegmentedControl
        fullWidth
        aria-label={t('many.mute')}
        value={muted ? 'on' : 'off'}
        onChange={(value) => setMuted(value === 'on')}
        data={[
          { value: 'on', label: t('many.muteOn') },
          { value: 'off', label: t('many.muteOff') },
        ]}
      />
    ),
    brightness: (
      <PercentSlider label={t('device.brightness')} value={brightness} disabled={false} set={setBrightness} />
    ),
    off: <OffHours off={off} change={setOff} disabled={false} />,
  };
  return (
    <Drawer
      opened
      onClose={close}
      title={t('many.title', { count })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="many-form">
        <p className="hint">{t('many.keep')}</p>
        {FIELDS.map((field) => (
          <div key={field} className="many-field">
            <Checkbox
              size="md"
              label={t(`many.${field}`)}
              checked={ticked.includes(field)}
              onChange={(event) => tick(field, event.currentTarget.checked)}
            />
            {ticked.includes(field) && editors[field]}
          </div>
        ))}
        <Button
          size="md"
          loading={save.isPending}
          disabled={
            ticked.length === 0 ||
            (ticked.includes('byTime') && !wholeSteps(steps)) ||
            (ticked.includes('off') && !wholeOff(off))
          }
          onClick={() => save.mutate()}
        >
          {t('many.save', { count })}
        </Button>
      </div>
    </Drawer>
  );
}
