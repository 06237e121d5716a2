import { NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Programme } from '#controller/http/contract/library';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useFormat } from '../../words/format.ts';
import { FormDrawer } from './form-drawer.tsx';
import { TitleField } from './title-field.tsx';

const Composed = lazy(async () => ({ default: (await import('./composed.tsx')).Composed }));
const BoardPreview = lazy(async () => ({ default: (await import('./board-preview.tsx')).BoardPreview }));

/** A programme: a sound for the speakers, a notice for the boards, or both. */
export function ProgrammeForm({
  programme,
  asset,
  title = '',
  close,
}: {
  programme?: Programme;
  asset?: string;
  title?: string;
  close: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const assets = useQuery(ask('GET /assets', { query: { state: 'ready' } }));
  const [form, setForm] = useState({
    title: programme?.title ?? title,
    assetId: programme?.asset?.id ?? asset ?? null,
    withNotice: programme?.notice != null,
    heading: programme?.notice?.heading ?? '',
    text: programme?.notice?.text ?? '',
    music: programme?.music ?? false,
    seconds: (programme?.notice?.durationMs ?? 60_000) / 1000,
  });
  const [tried, setTried] = useState(false);
  const board = programme?.board ?? null;
  const put = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => {
      const body = {
        title: form.title.trim(),
        assetId: form.assetId,
        music: form.music,
        // What was composed is changed where it was composed.
        ...(board !== null
          ? {}
          : {
              notice: form.withNotice
                ? {
                    heading: form.heading.trim() === '' ? null : form.heading.trim(),
                    text: form.text.trim(),
                    durationMs: form.seconds * 1000,
                  }
                : null,
            }),
      };
      return programme === undefined
        ? api('POST /programmes', { body })
        : api('PATCH /programmes/{id}', { params: { id: programme.id }, body });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /programmes'] });
      void client.invalidateQueries({ queryKey: ['GET /assets'] });
      close();
    },
  });
  const nothing = form.assetId === null && !form.withNotice && board === null;
  const emptyNotice = board === null && form.withNotice && form.text.trim() === '';
  const submit = () => {
    setTried(true);
    if (form.title.trim() !== '' && !nothing && !emptyNotice) save.mutate();
  };
  const options =
    assets.data?.map(({ id, title: name, durationMs }) => ({
      value: id,
      label: `${name} · ${format.span(durationMs ?? 0)}`,
    })) ?? [];
  if (programme?.asset != null && !options.some(({ value }) => value === programme.asset?.id))
    options.unshift({ value: programme.asset.id, label: programme.asset.title });
  return (
    <FormDrawer
      heading={t(programme === undefined ? 'programmes.add' : 'programmes.edit')}
      close={close}
      submit={submit}
      saving={save}
    >
      <TitleField
        value={form.title}
        change={(title) => put({ title })}
        tried={tried}
        placeholder={t('programmes.titlePlaceholder')}
      />
      <Select
        label={t('programmes.soundLabel')}
        description={t('programmes.soundHint')}
        placeholder={t('programmes.soundNone')}
        data={options}
        value={form.assetId}
        onChange={(assetId) => put({ assetId })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        nothingFoundMessage={t('state.nothingFound')}
        error={tried && nothing && t('programmes.nothing')}
      />
      {form.assetId !== null && (
        <Switch
          label={t('programmes.music')}
          description={t('programmes.musicHint')}
          checked={form.music}
          onChange={(event) => put({ music: event.currentTarget.checked })}
          size="md"
        />
      )}
      {board !== null && programme !== undefined ? (
        <Suspense>
          <Composed id={programme.id} board={board} />
        </Suspense>
      ) : (
        <Switch
          label={t('programmes.withNotice')}
          checked={form.withNotice}
          onChange={(event) => put({ withNotice: event.currentTarget.checked })}
          size="md"
        />
      )}
      {board === null && form.withNotice && (
        <>
          <TextInput
            label={t('programmes.heading')}
            value={form.heading}
            onChange={(event) => put({ heading: event.currentTarget.value })}
            maxLength={200}
          />
          <Textarea
            label={t('programmes.text')}
            autosize
            minRows={3}
            maxRows={10}
            value={form.text}
            onChange={(event) => put({ text: event.currentTarget.value })}
            maxLength={4_000}
            error={tried && emptyNotice && t('programmes.textMissing')}
          />
          {form.text.trim() !== '' && (
            <Suspense>
              <BoardPreview heading={form.heading} text={form.text} />
            </Suspense>
          )}
          <NumberInput
            label={t('programmes.seconds')}
            value={form.seconds}
            onChange={(value) => put({ seconds: typeof value === 'number' ? value : 60 })}
            min={3}
            max={86_400}
            allowDecimal={false}
          />
        </>
      )}
    </FormDrawer>
  );
}
