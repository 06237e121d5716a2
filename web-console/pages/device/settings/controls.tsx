import { NumberInput, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../../api/ask.ts';
import { type Asked, api } from '../../../api/client.ts';
import { useMay } from '../../../api/session.ts';
import { Section } from '../../../parts/section.tsx';
import { useSay } from '../../../parts/undo.tsx';
import { Agreement } from './agreement.tsx';
import { ModelSettings } from './model.tsx';
import './settings.css';
import { VolumeByTime } from './volume-by-time.tsx';

type Change = Asked<'PATCH /devices/{id}'>['body'];

/** What a technician sets for a loudspeaker, beside what it says it does. */
export function Controls({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('technician');
  const change = useMutation({
    mutationFn: (body: Change) => api('PATCH /devices/{id}', { params: { id: device.id }, body }),
    onSuccess: (next) =>
      client.setQueryData(ask('GET /devices/{id}', { params: { id: device.id } }).queryKey, next),
    onError: say.failed,
  });
  return (
    <Section title={t('device.settings')}>
      <div className="pad settings">
        <VolumeByTime
          key={JSON.stringify(device.volumeByTime)}
          device={device}
          disabled={!may}
          saving={change.isPending}
          set={(wanted) => change.mutate(wanted)}
        />
        <Switch
          size="md"
          label={t('device.mute')}
          checked={device.muted}
          disabled={!may}
          onChange={(event) => change.mutate({ muted: event.currentTarget.checked })}
        />
        <Trim
          value={device.outputDelayTrimMs}
          whole={device.outputDelayMs}
          disabled={!may}
          set={(outputDelayTrimMs) => change.mutate({ outputDelayTrimMs })}
        />
        <Agreement device={device} />
        <ModelSettings device={device} />
      </div>
    </Section>
  );
}

/** What this one needs beyond its model; it counts when the field is left. */
function Trim({
  value,
  whole,
  set,
  disabled,
}: {
  value: number;
  whole: number;
  set: (ms: number) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | number>(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <NumberInput
      label={t('settings.trim')}
      description={t('settings.trimHint', { ms: whole })}
      suffix=" ms"
      value={typed}
      onChange={setTyped}
      onBlur={() => {
        if (typeof typed === 'number' && typed !== value) set(typed);
      }}
      min={-500}
      max={2_000}
      step={5}
      disabled={disabled}
    />
  );
}
