import { Button, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardChoice } from '#controller/http/contract/board-choice';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../../api/ask.ts';
import { api } from '../../../api/client.ts';
import { useMay, useSession } from '../../../api/session.ts';
import { Section } from '../../../parts/section.tsx';
import { useSay } from '../../../parts/undo.tsx';
import { Agreement } from '../settings/agreement.tsx';
import '../settings/settings.css';
import './board.css';
import { BrightnessField } from './brightness-field.tsx';
import { type Draft, draftOf, lackOf } from './draft.ts';
import { FallbackFields } from './fallback-fields.tsx';
import { OffHours } from './off-hours.tsx';
import { RectangleField } from './rectangle-field.tsx';

/** What a technician sets for a board; all of it counts when it is saved, and the board says when it follows. */
export function BoardSettings({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const { board } = device;
  return (
    <Section title={t('boards.settings')}>
      <div className="pad settings">
        {board !== null && (
          <Form key={JSON.stringify([board, device.brightness])} device={{ ...device, board }} />
        )}
        <Agreement device={device} />
      </div>
    </Section>
  );
}

function Form({ device }: { device: DeviceDetail & { board: BoardChoice } }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('technician');
  const { site } = useSession();
  const start = draftOf(device);
  const [draft, setDraft] = useState<Draft>(start);
  const put = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const changed = JSON.stringify(draft) !== JSON.stringify(start);
  const lack = lackOf(draft);
  const save = useMutation({
    mutationFn: () => {
      const { fixed, ...board } = draft;
      return api('PATCH /devices/{id}', { params: { id: device.id }, body: { board, brightness: fixed } });
    },
    onSuccess: (next) => {
      say.done(t('boards.saved', { name: device.name }));
      void client.invalidateQueries({ queryKey: ['GET /boards'] });
      client.setQueryData(ask('GET /devices/{id}', { params: { id: device.id } }).queryKey, next);
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (lack === null) save.mutate();
  };
  const { panel } = device.capabilities;
  const disabled = !may;
  return (
    <form className="board-form" onSubmit={submit}>
      <BrightnessField draft={draft} device={device} put={put} disabled={disabled} />
      <OffHours off={draft.off} change={(off) => put({ off })} disabled={disabled} />
      <FallbackFields draft={draft} panel={panel} put={put} disabled={disabled} />
      <fieldset className="bare board-field" disabled={disabled}>
        <legend>{t('boards.other')}</legend>
        <TextInput
          label={t('boards.title')}
          description={t('boards.titleHint')}
          placeholder={site.name}
          value={draft.title}
          onChange={(event) => put({ title: event.currentTarget.value })}
          maxLength={120}
          disabled={disabled}
        />
        <div className="pair">
          <NumberInput
            label={t('boards.pictureEvery')}
            description={t('boards.pictureEveryHint')}
            value={draft.pictureEveryMinutes}
            onChange={(value) => typeof value === 'number' && put({ pictureEveryMinutes: value })}
            min={0}
            max={1_440}
            allowDecimal={false}
            suffix={t('boards.minutesUnit')}
            disabled={disabled}
          />
          <NumberInput
            label={t('boards.viewing')}
            description={t('boards.viewingHint')}
            value={draft.viewingMetres}
            onChange={(value) => typeof value === 'number' && put({ viewingMetres: value })}
            min={0.5}
            max={200}
            decimalSeparator=","
            suffix=" m"
            disabled={disabled}
          />
        </div>
      </fieldset>
      <RectangleField rectangle={draft.rectangle} panel={panel} put={put} disabled={disabled} />
      {lack !== null && <p className="field-error">{t(`boards.lack.${lack}`)}</p>}
      {changed && (
        <div className="board-save">
          <Button type="submit" loading={save.isPending} disabled={disabled || lack !== null}>
            {t('action.save')}
          </Button>
          <Button variant="subtle" onClick={() => setDraft(start)}>
            {t('action.cancel')}
          </Button>
        </div>
      )}
    </form>
  );
}
