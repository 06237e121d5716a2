import { Alert, Button, Checkbox, NumberInput, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schedule } from '#controller/http/contract/schedules';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { ProblemError } from '../../api/problem.ts';
import { useMay } from '../../api/session.ts';
import { useProblemText } from '../../parts/problem.tsx';
import { useRemoval, useSay } from '../../parts/undo.tsx';
import { useDraft } from '../../parts/use-draft.ts';
import { BoardTime, useBoardContent } from './board-time.tsx';
import { ContentField } from './content-field.tsx';
import { bodyOf, type Draft, isRelay, lacks } from './draft.ts';
import { More } from './more.tsx';
import { Preview, usePreview } from './preview.tsx';
import { RuleFields } from './rule-fields.tsx';
import { TargetsField } from './targets-field.tsx';

/** The form, and beside it what would come of it. */
export function EditorForm({
  start,
  schedule,
  draftName,
}: {
  start: Draft;
  schedule: Schedule | null;
  draftName: string;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const removal = useRemoval();
  const textOf = useProblemText();
  const may = useMay('operator');
  const boardContent = useBoardContent();
  const [draft, setDraft, forget] = useDraft(draftName, start);
  const [tried, setTried] = useState(false);
  const [accepted, setAccepted] = useState(false);
  const put = (change: Partial<Draft>) => {
    setAccepted(false);
    setDraft({ ...draft, ...change });
  };
  const missing = lacks(draft);
  const lack = (name: (typeof missing)[number]) =>
    tried && missing.includes(name) && t(`schedules.lack.${name}`);
  const preview = usePreview(draft, schedule?.id);
  const overlaps = preview.data?.overlaps ?? [];
  // Not to be accepted, only mended; a draft that was mended since has not been foretold yet.
  const refused =
    !preview.isPlaceholderData && preview.data?.guards.some((finding) => finding.refused) === true;
  const save = useMutation({
    mutationFn: () => {
      const body = { ...bodyOf(draft), acceptOverlaps: accepted };
      return schedule === null
        ? api('POST /schedules', { body })
        : api('PATCH /schedules/{id}', { params: { id: schedule.id }, body });
    },
    onSuccess: async (saved) => {
      forget();
      client.setQueryData(ask('GET /schedules/{id}', { params: { id: saved.id } }).queryKey, saved);
      void client.invalidateQueries({ queryKey: ['GET /schedules'] });
      void client.invalidateQueries({ queryKey: ['GET /occurrences'] });
      say.done(t('schedules.saved', { name: saved.title }));
      await navigate({ to: '/schedules' });
    },
    onError: (error) => {
      // Somebody else scheduled something meanwhile, or changed the quiet hours: what stands against it now is shown.
      if (error instanceof ProblemError && error.problem.status !== 0) void preview.refetch();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing.length === 0) save.mutate();
  };
  const remove = () => {
    if (schedule === null) return;
    removal({
      said: t('schedules.removed', { name: schedule.title }),
      remove: () => api('DELETE /schedules/{id}', { params: { id: schedule.id } }),
      restore: () => api('POST /schedules/{id}/restore', { params: { id: schedule.id } }),
      after: () => {
        forget();
        void navigate({ to: '/schedules' });
      },
    });
  };
  return (
    <form className="editor" onSubmit={submit} noValidate>
      <div className="editor-form">
        <div role="alert">
          {save.isError && (
            <Alert color="red" variant="light">
              {textOf(save.error)}
            </Alert>
          )}
        </div>
        <section className="section section-boxed" aria-label={t('schedules.what')}>
          <div className="pad">
            <ContentField
              value={draft.content}
              error={lack('content')}
              onChange={(content, title) =>
                put({
                  content,
                  ...(draft.title === '' && title !== undefined ? { title } : {}),
                  // What nobody hears is put up to stand there.
                  ...(content !== draft.content && boardContent(content) === 'only'
                    ? { boardWay: 'day' }
                    : {}),
                })
              }
            />
            {isRelay(draft) && (
              <NumberInput
                label={t('schedules.relayMinutes')}
                description={t('schedules.relayHint')}
                value={draft.relayMinutes}
                onChange={(value) =>
                  put({ relayMinutes: typeof value === 'number' && value >= 1 ? Math.round(value) : 1 })
                }
                min={1}
                max={720}
                allowDecimal={false}
              />
            )}
            <BoardTime draft={draft} put={put} />
            <TextInput
              label={t('schedules.title')}
              value={draft.title}
              onChange={(event) => put({ title: event.currentTarget.value })}
              error={lack('title')}
              maxLength={200}
            />
          </div>
        </section>
        <section className="section section-boxed" aria-label={t('schedules.when')}>
          <div className="pad">
            <RuleFields draft={draft} put={put} lack={lack} />
          </div>
        </section>
        <section className="section section-boxed" aria-label={t('schedules.where')}>
          <div className="pad">
            <TargetsField
              value={draft.targets}
              onChange={(targets) => put({ targets })}
              error={lack('targets')}
            />
          </div>
        </section>
        <More draft={draft} put={put} />
        <Switch
          size="md"
          label={t('schedules.enabled')}
          checked={draft.enabled}
          onChange={(event) => put({ enabled: event.currentTarget.checked })}
        />
      </div>
      <div className="editor-side">
        <Preview draft={draft} preview={preview} missing={missing} own={schedule?.id ?? null} put={put} />
        {overlaps.length > 0 && (
          <Checkbox
            className="accept"
            label={t('schedules.accept', { count: overlaps.length })}
            checked={accepted}
            onChange={(event) => setAccepted(event.currentTarget.checked)}
          />
        )}
        <div className="page-actions spread">
          <Button
            type="submit"
            size="md"
            loading={save.isPending}
            disabled={!may || refused || (overlaps.length > 0 && !accepted)}
          >
            {t(overlaps.length > 0 ? 'schedules.saveAnyway' : 'schedules.save')}
          </Button>
          {schedule !== null && (
            <Button variant="subtle" color="red" onClick={remove} disabled={!may}>
              {t('schedules.remove')}
            </Button>
          )}
        </div>
        {tried && missing.length > 0 && (
          <p className="refusal" role="alert">
            {t('schedules.incomplete')}
          </p>
        )}
      </div>
    </form>
  );
}
