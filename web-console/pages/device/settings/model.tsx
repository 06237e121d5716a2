import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import type { DeviceModel } from '#controller/http/contract/models';
import { ask } from '../../../api/ask.ts';
import { api } from '../../../api/client.ts';
import { useMay } from '../../../api/session.ts';
import { useSay } from '../../../parts/undo.tsx';

/** What all devices of the model have in common: said how many they are, since a change is heard on each of them. */
export function ModelSettings({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const models = useQuery(ask('GET /models'));
  const model = models.data?.find(({ kind, model: name }) => kind === device.kind && name === device.model);
  if (model === undefined) return null;
  return (
    <details className="changes model">
      <summary>{t('model.title', { model: model.model, count: model.devices })}</summary>
      <ModelForm key={JSON.stringify(model)} model={model} told={device.capabilities.outputDelayMs} />
    </details>
  );
}

const amount = (value: string | number): number | null => (typeof value === 'number' ? value : null);

function ModelForm({ model, told }: { model: DeviceModel; told: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('technician');
  const [delay, setDelay] = useState(model.outputDelayMs);
  const [wake, setWake] = useState(model.quirks.wakeMs ?? 0);
  const [gain, setGain] = useState(model.quirks.gainDb ?? 0);
  const save = useMutation({
    mutationFn: () =>
      api('PUT /models/{kind}/{model}', {
        params: { kind: model.kind, model: model.model },
        body: {
          outputDelayMs: delay,
          quirks: {
            ...model.quirks,
            ...(wake === 0 && model.quirks.wakeMs === undefined ? {} : { wakeMs: wake }),
            ...(gain === 0 && model.quirks.gainDb === undefined ? {} : { gainDb: gain }),
          },
        },
      }),
    onSuccess: ({ devices }) => {
      say.done(t('model.saved', { count: devices, model: model.model }));
      return client.invalidateQueries();
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="model-form" onSubmit={submit}>
      <p className="hint">{t('model.hint', { count: model.devices })}</p>
      <NumberInput
        label={t('model.delay')}
        description={t('model.delayHint', { ms: told })}
        placeholder={t('model.delayNone')}
        value={delay ?? ''}
        onChange={(value) => setDelay(amount(value))}
        min={0}
        max={2_000}
        suffix=" ms"
      />
      <div className="pair">
        <NumberInput
          label={t('model.wake')}
          value={wake}
          onChange={(value) => setWake(amount(value) ?? 0)}
          min={0}
          max={5_000}
          allowDecimal={false}
          step={50}
          suffix=" ms"
        />
        <NumberInput
          label={t('model.gain')}
          value={gain}
          onChange={(value) => setGain(amount(value) ?? 0)}
          min={-20}
          max={6}
          step={0.5}
          decimalScale={1}
          suffix=" dB"
        />
      </div>
      <Button type="submit" variant="default" loading={save.isPending} disabled={!may}>
        {t('model.save', { count: model.devices })}
      </Button>
    </form>
  );
}
