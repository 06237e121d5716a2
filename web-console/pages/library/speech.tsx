import { Button, Drawer, Slider, Stack, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useSay } from '../../parts/undo.tsx';
import { useDraft } from '../../parts/use-draft.ts';
import { useFormat } from '../../words/format.ts';
import { TitleField } from './title-field.tsx';

const empty = { title: '', text: '', wordsPerMinute: 150 };

/** A sound made of a text by the embedded voice. */
export function Speech({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const say = useSay();
  const id = useId();
  const [draft, setDraft, forget] = useDraft('speech', empty);
  const [tried, setTried] = useState(false);
  const words = draft.text.trim().split(/\s+/).filter(Boolean).length;
  const make = useMutation({
    mutationFn: () =>
      api('POST /assets/speech', { body: { ...draft, title: draft.title.trim(), text: draft.text.trim() } }),
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
    if (draft.title.trim() !== '' && words > 0) make.mutate();
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
          <Textarea
            label={t('speech.text')}
            description={t('speech.hint')}
            autosize
            minRows={8}
            maxRows={18}
            value={draft.text}
            onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
            error={tried && words === 0 && t('speech.textMissing')}
            maxLength={20_000}
          />
          <div className="percent">
            <div className="percent-head">
              <span id={id}>{t('speech.speed')}</span>
              <span className="num dim">
                {t('speech.wordsPerMinute', { count: draft.wordsPerMinute })}
                {words > 0 &&
                  ` · ${t('speech.about', { span: format.span(Math.max(1, Math.round((words / draft.wordsPerMinute) * 60)) * 1000) })}`}
              </span>
            </div>
            <Slider
              min={80}
              max={300}
              step={10}
              label={null}
              size="lg"
              thumbSize={26}
              value={draft.wordsPerMinute}
              onChange={(wordsPerMinute) => setDraft({ ...draft, wordsPerMinute })}
              thumbProps={{ 'aria-labelledby': id }}
            />
          </div>
          <Button type="submit" loading={make.isPending}>
            {t('speech.make')}
          </Button>
        </Stack>
      </form>
    </Drawer>
  );
}
