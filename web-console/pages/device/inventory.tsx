import { Button, MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { DateField } from '../../parts/date-field.tsx';
import { Section } from '../../parts/section.tsx';
import { useRemoval, useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import { AreaSelect } from '../devices/selects.tsx';

const blank = (value: string): string | null => (value.trim() === '' ? null : value.trim());
const numberOr = (value: string | number): number | null => (typeof value === 'number' ? value : null);

/** Where it stands, whose it is, and what it is. */
export function Inventory({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useSay();
  const client = useQueryClient();
  const navigate = useNavigate();
  const removal = useRemoval();
  const may = useMay('technician');
  const groups = useQuery(ask('GET /groups'));
  const [form, setForm] = useState({
    name: device.name,
    areaId: device.areaId,
    groups: device.groups.map(({ id }) => id),
    address: device.address ?? '',
    owner: device.owner ?? '',
    warrantyEnd: device.warrantyEnd,
    latitude: device.latitude,
    longitude: device.longitude,
  });
  const put = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () =>
      api('PATCH /devices/{id}', {
        params: { id: device.id },
        body: { ...form, name: form.name.trim(), address: blank(form.address), owner: blank(form.owner) },
      }),
    onSuccess: (next) => {
      client.setQueryData(ask('GET /devices/{id}', { params: { id: device.id } }).queryKey, next);
      say.done(t('device.saved'));
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const retire = () =>
    removal({
      said: t('device.retired', { name: device.name }),
      remove: () => api('DELETE /devices/{id}', { params: { id: device.id } }),
      restore: () => api('POST /devices/{id}/restore', { params: { id: device.id } }),
      after: () => void navigate({ to: '/devices' }),
    });
  return (
    <Section title={t('device.inventory')}>
      <form className="pad" onSubmit={submit}>
        <TextInput
          label={t('device.name')}
          value={form.name}
          onChange={(event) => put({ name: event.currentTarget.value })}
          required
          withAsterisk={false}
          maxLength={200}
        />
        <AreaSelect label={t('devices.area')} value={form.areaId} onChange={(areaId) => put({ areaId })} />
        <MultiSelect
          label={t('groups.title')}
          data={groups.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={form.groups}
          onChange={(chosen) => put({ groups: chosen })}
          nothingFoundMessage={t('state.nothingFound')}
        />
        <TextInput
          label={t('device.address')}
          value={form.address}
          onChange={(event) => put({ address: event.currentTarget.value })}
          maxLength={300}
        />
        <div className="pair">
          <NumberInput
            label={t('device.latitude')}
            value={form.latitude ?? ''}
            onChange={(value) => put({ latitude: numberOr(value) })}
            min={-90}
            max={90}
            hideControls
            decimalScale={6}
          />
          <NumberInput
            label={t('device.longitude')}
            value={form.longitude ?? ''}
            onChange={(value) => put({ longitude: numberOr(value) })}
            min={-180}
            max={180}
            hideControls
            decimalScale={6}
          />
        </div>
        <TextInput
          label={t('device.owner')}
          value={form.owner}
          onChange={(event) => put({ owner: event.currentTarget.value })}
          maxLength={200}
        />
        <DateField
          label={t('device.warranty')}
          value={form.warrantyEnd}
          onChange={(warrantyEnd) => put({ warrantyEnd })}
        />
        <dl className="facts">
          <dt>{t('device.model')}</dt>
          <dd>{device.model}</dd>
          <dt>{t('device.serial')}</dt>
          <dd className="mono">{device.serial}</dd>
          <dt>{t('device.firmware')}</dt>
          <dd>{device.firmware ?? t('state.unknown')}</dd>
          <dt>{t('device.id')}</dt>
          <dd className="mono">{device.id}</dd>
          {device.capabilities.panel !== undefined && (
            <>
              <dt>{t('device.panel')}</dt>
              <dd className="num">
                {device.capabilities.panel.width} × {device.capabilities.panel.height} · P
                {format.number(device.capabilities.panel.pitchMm, 2)}
              </dd>
            </>
          )}
          <dt>{t('device.outputDelay')}</dt>
          <dd className="num">{format.number(device.outputDelayMs)} ms</dd>
          <dt>{t('device.since')}</dt>
          <dd className="num">{format.date(device.createdAt)}</dd>
        </dl>
        <div className="page-actions spread">
          <Button type="submit" loading={save.isPending} disabled={!may || form.name.trim() === ''}>
            {t('action.save')}
          </Button>
          <Button variant="subtle" color="red" onClick={retire} disabled={!may}>
            {t('device.retire')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
