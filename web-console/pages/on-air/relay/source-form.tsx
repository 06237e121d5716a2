import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconEar } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelaySource } from '#controller/http/contract/relays';
import { ask } from '../../../api/ask.ts';
import { type Answer, api } from '../../../api/client.ts';
import { Shape } from '../../../parts/mark.tsx';
import { useProblemText } from '../../../parts/problem.tsx';
import { useFormat } from '../../../words/format.ts';
import { useReason } from '../../../words/use-reason.ts';
import { FormDrawer } from '../../library/form-drawer.tsx';

const isAddress = (text: string): boolean => /^https?:\/\/[^/\s]+/.test(text);

/** A stream: what it is called, where it is, and what is played while it is lost. */
export function SourceForm({ source, close }: { source: RelaySource | null; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const textOf = useProblemText();
  const playlists = useQuery(ask('GET /playlists')).data ?? [];
  const [form, setForm] = useState({
    title: source?.title ?? '',
    url: source?.url ?? '',
    fallbackPlaylistId: source?.fallbackPlaylistId ?? null,
    seconds: (source?.silenceMs ?? 15_000) / 1_000,
  });
  const [tried, setTried] = useState(false);
  const put = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const url = form.url.trim();
  const check = useMutation({ mutationFn: () => api('POST /relay-sources/check', { body: { url } }) });
  const save = useMutation({
    mutationFn: () => {
      const { fallbackPlaylistId } = form;
      const body = { title: form.title.trim(), url, fallbackPlaylistId, silenceMs: form.seconds * 1_000 };
      return source === null
        ? api('POST /relay-sources', { body })
        : api('PATCH /relay-sources/{id}', { params: { id: source.id }, body });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /relay-sources'] });
      close();
    },
  });
  return (
    <FormDrawer
      heading={t(source === null ? 'relay.add' : 'relay.edit')}
      close={close}
      saving={save}
      submit={() => {
        setTried(true);
        if (form.title.trim() !== '' && isAddress(url)) save.mutate();
      }}
    >
      <TextInput
        label={t('relay.name')}
        placeholder={t('relay.namePlaceholder')}
        value={form.title}
        maxLength={200}
        onChange={(event) => put({ title: event.currentTarget.value })}
        error={tried && form.title.trim() === '' && t('form.titleMissing')}
        data-autofocus
      />
      <TextInput
        label={t('relay.url')}
        description={t('relay.urlHint')}
        placeholder="https://"
        type="url"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        value={form.url}
        maxLength={1_000}
        onChange={(event) => {
          put({ url: event.currentTarget.value });
          check.reset();
        }}
        error={tried && !isAddress(url) && t('relay.urlWrong')}
      />
      <Button
        variant="default"
        leftSection={<IconEar size={18} />}
        disabled={!isAddress(url)}
        loading={check.isPending}
        onClick={() => check.mutate()}
      >
        {t('relay.check')}
      </Button>
      <div role="status" aria-live="polite">
        {check.isPending && <span className="dim">{t('relay.checking')}</span>}
        {check.isError && (
          <p className="note" data-tone="bad">
            {textOf(check.error)}
          </p>
        )}
        {check.data !== undefined && <Checked found={check.data} />}
      </div>
      <Select
        label={t('relay.fallback')}
        placeholder={t('relay.fallbackNone')}
        data={playlists.map(({ id, title }) => ({ value: id, label: title }))}
        value={form.fallbackPlaylistId}
        onChange={(fallbackPlaylistId) => put({ fallbackPlaylistId })}
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        searchable
        nothingFoundMessage={t('state.nothingFound')}
      />
      <NumberInput
        label={t('relay.silence')}
        value={form.seconds}
        min={3}
        max={600}
        allowDecimal={false}
        onChange={(value) => put({ seconds: typeof value === 'number' ? value : 15 })}
      />
    </FormDrawer>
  );
}

function Checked({ found }: { found: Answer<'POST /relay-sources/check'> }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { ok, reason: code, format: kind, levelDbfs } = found;
  if (ok)
    return (
      <p className="note" data-tone="good">
        <Shape shape="full" tone="good" />
        <span>
          {kind === null || levelDbfs === null
            ? t('relay.good')
            : t('relay.goodOf', { format: kind, level: format.number(levelDbfs) })}
        </span>
      </p>
    );
  const key = `relay.refusal.${code}`;
  return (
    <p className="note" data-tone="bad">
      <Shape shape="cross" tone="bad" />
      <span>
        {t('relay.bad')}
        {code !== null && `: ${i18n.exists(key) ? String(i18n.t(key as never)) : reason(code)}`}
      </span>
    </p>
  );
}
