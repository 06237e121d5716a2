import { Button, Textarea, TextInput } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './draft.ts';

/** A message that nobody thought of before: spoken on the loudspeakers, shown on the boards. What is typed is kept. */
export function WriteMessage({
  draft,
  change,
  go,
}: {
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  go: () => void;
}) {
  const { t } = useTranslation();
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (draft.title.trim() !== '' && draft.text.trim() !== '') go();
  };
  return (
    <form className="alarm-write" onSubmit={submit} noValidate>
      <TextInput
        label={t('emergency.title')}
        placeholder={t('emergency.titlePlaceholder')}
        value={draft.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
        error={tried && draft.title.trim() === '' && t('form.titleMissing')}
        maxLength={200}
      />
      <Textarea
        label={t('emergency.text')}
        description={t('emergency.textHint')}
        placeholder={t('emergency.textPlaceholder')}
        autosize
        minRows={4}
        maxRows={14}
        value={draft.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        error={tried && draft.text.trim() === '' && t('emergency.textMissing')}
        maxLength={2_000}
      />
      <TextInput
        label={t('emergency.heading')}
        description={t('emergency.headingHint')}
        value={draft.heading}
        onChange={(event) => change({ heading: event.currentTarget.value })}
        maxLength={200}
      />
      <div className="page-actions">
        <Button type="submit" size="lg" color="red" rightSection={<IconArrowRight size={20} />}>
          {t('emergency.look')}
        </Button>
        <Button variant="subtle" onClick={() => change({ writing: false })}>
          {t('emergency.back')}
        </Button>
      </div>
    </form>
  );
}
