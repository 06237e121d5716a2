import { Button, Drawer, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useSay } from '../../parts/undo.tsx';
import { useDraft } from '../../parts/use-draft.ts';
import { SpeechFields } from '../speech/speech-fields.tsx';
import { NO_TEXT, wishOf, wordsOf } from '../speech/text.ts';
import { TitleField } from './title-field.tsx';

const empty = { ...NO_TEXT, title: '' };

/** A sound made of a text. */
export function Speech({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const [draft, setDraft, forget] = useDraft('speech', empty);
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () => api('POST /speech', { body: { title: draft.title.trim(), ...wishOf(draft) } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /assets'] });
      forget();
      setTried(false);
      close();
      say.done(t('speech.making'));
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (draft.title.trim() !== '' && wordsOf(draft.text) > 0) make.mutate();
  };
  return (
    <Drawer
      opened={opened}
      onClose={close}
      title={t('library.speak')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TitleField
            value={draft.title}
            change={(title) => setDraft({ ...draft, title })}
            tried={tried}
            placeholder={t('speech.titlePlaceholder')}
          />
          <SpeechFields
            value={draft}
            change={(value) => setDraft({ ...draft, ...value })}
            tried={tried}
            rows={8}
          />
          <Button type="submit" loading={make.isPending}>
            {t('speech.make')}
          </Button>
        </Stack>
      </form>
    </Drawer>
  );
}
