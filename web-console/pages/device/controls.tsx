import { Slider, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Shape } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';

type Change = { volume?: number; muted?: boolean; brightness?: number; outputDelayMs?: number };

/** What a technician sets, beside what the device says it does. */
export function Controls({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('technician');
  const now = useNow(5_000);
  const format = useFormat();
  const [asked, setAsked] = useState<number | null>(null);
  const change = useMutation({
    mutationFn: (body: Change) => api('PATCH /devices/{id}', { params: { id: device.id }, body }),
    onMutate: () => setAsked(Date.now()),
    onSuccess: (next) =>
      client.setQueryData(ask('GET /devices/{id}', { params: { id: device.id } }).queryKey, next),
    onError: say.failed,
  });
  const { heartbeat } = device;
  const reported = device.kind === 'board' ? heartbeat?.brightness : heartbeat?.volume;
  const wanted = device.kind === 'board' ? device.brightness : device.volume;
  const agrees = device.reportedRevision >= device.desiredRevision;
  return (
    <Section title={t('device.settings')}>
      <div className="pad">
        {device.kind === 'speaker' && (
          <>
            <Percent
              label={t('device.volume')}
              value={device.volume}
              disabled={!may}
              set={(volume) => change.mutate({ volume })}
            />
            <Switch
              size="md"
              label={t('device.mute')}
              checked={device.muted}
              disabled={!may}
              onChange={(event) => change.mutate({ muted: event.currentTarget.checked })}
            />
          </>
        )}
        {device.kind === 'board' && (
          <Percent
            label={t('device.brightness')}
            value={device.brightness}
            disabled={!may}
            set={(brightness) => change.mutate({ brightness })}
          />
        )}
        <p className="settled" data-agrees={agrees} aria-live="polite">
          <Shape shape={agrees ? 'full' : 'half'} tone={agrees ? 'good' : 'warn'} />
          <span>
            {agrees
              ? t('device.agrees', { value: format.number(reported ?? wanted) })
              : reported === undefined
                ? t('device.differsUnknown')
                : asked === null
                  ? t('device.differs', { value: format.number(reported) })
                  : t('device.differsFor', {
                      value: format.number(reported),
                      span: format.span(Math.max(1_000, now - asked)),
                    })}
          </span>
        </p>
      </div>
    </Section>
  );
}

function Percent({
  label,
  value,
  set,
  disabled,
}: {
  label: string;
  value: number;
  set: (value: number) => void;
  disabled: boolean;
}) {
  const id = useId();
  const [shown, setShown] = useState(value);
  useEffect(() => setShown(value), [value]);
  return (
    <div className="percent">
      <div className="percent-head">
        <span id={id}>{label}</span>
        <strong className="num">{shown} %</strong>
      </div>
      <Slider
        value={shown}
        onChange={setShown}
        onChangeEnd={set}
        disabled={disabled}
        step={5}
        label={null}
        size="lg"
        thumbSize={26}
        thumbProps={{ 'aria-labelledby': id }}
        marks={[{ value: 0 }, { value: 50 }, { value: 100 }]}
      />
    </div>
  );
}
