import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useFormat } from '../../words/format.ts';

export function ContentField({
  value,
  onChange,
  error,
  relays = true,
}: {
  value: string | null;
  onChange: (content: string | null, title?: string) => void;
  error: string | false;
  /** Whether streams can be chosen too: they are scheduled for so long, and played now from a tab of their own. */
  relays?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const programmes = useQuery(ask('GET /programmes'));
  const playlists = useQuery(ask('GET /playlists'));
  const sources = useQuery(ask('GET /relay-sources'));
  const option = (kind: string) => (item: { id: string; title: string; durationMs: number | null }) => ({
    value: `${kind}:${item.id}`,
    label: item.durationMs === null ? item.title : `${item.title} · ${format.span(item.durationMs)}`,
  });
  const titleOf = (reference: string | null) =>
    [
      ...(programmes.data?.map(({ id, title }) => [`programme:${id}`, title] as const) ?? []),
      ...(playlists.data?.map(({ id, title }) => [`playlist:${id}`, title] as const) ?? []),
      ...(sources.data?.map(({ id, title }) => [`relay:${id}`, title] as const) ?? []),
    ].find(([id]) => id === reference)?.[1];
  const given = titleOf(value);
  // A programme that came with the address gives the schedule its name as soon as its name is known.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the name becomes known
  useEffect(() => {
    if (given !== undefined) onChange(value, given);
  }, [given]);
  return (
    <Select
      label={t('schedules.content')}
      placeholder={t(relays ? 'schedules.chooseContent' : 'onAir.chooseContent')}
      data={[
        { group: t('library.tab.programmes'), items: programmes.data?.map(option('programme')) ?? [] },
        { group: t('library.tab.playlists'), items: playlists.data?.map(option('playlist')) ?? [] },
        ...(relays
          ? [
              {
                group: t('schedules.relays'),
                items: sources.data?.map(({ id, title }) => ({ value: `relay:${id}`, label: title })) ?? [],
              },
            ]
          : []),
      ]}
      value={value}
      onChange={(next) => onChange(next, titleOf(next))}
      searchable
      nothingFoundMessage={t('state.nothingFound')}
      error={error}
      allowDeselect={false}
    />
  );
}
