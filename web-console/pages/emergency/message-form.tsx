import { Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredMessage } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useDraft } from '../../parts/use-draft.ts';
import { useFormat } from '../../words/format.ts';
import { FormDrawer } from '../library/form-drawer.tsx';
import { TitleField } from '../library/title-field.tsx';

const LANGUAGES = ['vi', 'en'] as const;
/** Instead of a file: the text is spoken. */
const SPOKEN = 'spoken';

/** A message to be stored: its text is spoken, or a file of the library says it; the boards show the text. */
export function MessageForm({ message, close }: { message?: StoredMessage; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const assets = useQuery(ask('GET /assets', { query: { state: 'ready' } })).data ?? [];
  const [form, setForm, forget] = useDraft(`stored-${message?.id ?? 'new'}`, {
    title: message?.title ?? '',
    heading: message?.heading ?? '',
    text: message?.text ?? '',
    language: message?.language ?? 'vi',
    /** Of a stored one, until it is chosen anew, its sound stays as it is. */
    sound: message === undefined ? SPOKEN : message.assetId,
  });
  const [tried, setTried] = useState(false);
  const put = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const lacking = form.title.trim() === '' || form.text.trim() === '';
  const save = useMutation({
    mutationFn: () => {
      const body = {
        title: form.title.trim(),
        heading: form.heading.trim() === '' ? null : form.heading.trim(),
        text: form.text.trim(),
        language: form.language,
      };
      if (message === undefined)
        return api('POST /stored-messages', {
          body: { ...body, assetId: form.sound === SPOKEN ? null : form.sound },
        });
      // A text that changed is spoken anew, unless a file was chosen to say it.
      const same = form.sound === message.assetId;
      const spoken = form.sound === SPOKEN || (same && body.text !== message.text);
      return api('PATCH /stored-messages/{id}', {
        params: { id: message.id },
        body: { ...body, ...(spoken ? { assetId: null } : same ? {} : { assetId: form.sound }) },
      });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /stored-messages'] });
      forget();
      close();
    },
  });
  const choices = assets
    .filter(({ id, source }) => source !== 'siren' && source !== 'chime' && id !== message?.assetId)
    .map(({ id, title, durationMs }) => ({ value: id, label: `${title} · ${format.span(durationMs ?? 0)}` }));
  return (
    <FormDrawer
      heading={t(message === undefined ? 'stored.add' : 'stored.change')}
      close={close}
      submit={() => {
        setTried(true);
        if (!lacking) save.mutate();
      }}
      saving={save}
    >
      <TitleField
        value={form.title}
        change={(title) => put({ title })}
        tried={tried}
        placeholder={t('emergency.titlePlaceholder')}
      />
      <Textarea
        label={t('emergency.text')}
        description={t('emergency.textHint')}
        autosize
        minRows={5}
        maxRows={14}
        value={form.text}
        onChange={(event) => put({ text: event.currentTarget.value })}
        error={tried && form.text.trim() === '' && t('emergency.textMissing')}
        maxLength={2_000}
      />
      <TextInput
        label={t('emergency.heading')}
        description={t('emergency.headingHint')}
        value={form.heading}
        onChange={(event) => put({ heading: event.currentTarget.value })}
        maxLength={200}
      />
      <Select
        label={t('stored.sound')}
        description={t('stored.soundHint')}
        data={[
          ...(message === undefined ? [] : [{ value: message.assetId, label: t('stored.soundSame') }]),
          { value: SPOKEN, label: t('stored.soundSpoken') },
          ...choices,
        ]}
        value={form.sound}
        onChange={(sound) => put({ sound: sound ?? SPOKEN })}
        allowDeselect={false}
        searchable={choices.length > 8}
        nothingFoundMessage={t('state.nothingFound')}
      />
      <Select
        label={t('stored.language')}
        data={LANGUAGES.map((value) => ({ value, label: t(`stored.languages.${value}`) }))}
        value={form.language}
        onChange={(language) => put({ language: language ?? 'vi' })}
        allowDeselect={false}
      />
      <p className="hint">{t('stored.after')}</p>
    </FormDrawer>
  );
}
