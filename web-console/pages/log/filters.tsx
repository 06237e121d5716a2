import { Select } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { DateField } from '../../parts/date-field.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useLater } from '../../parts/use-later.ts';
import { useFormat } from '../../words/format.ts';
import { AreaSelect } from '../devices/selects.tsx';

const route = getRouteApi('/log');
interface Change {
  from?: string;
  to?: string;
  area?: string;
  device?: string;
  schedule?: string;
  search?: string;
}

export function Filters({
  first,
  last,
  today,
  change,
}: {
  first: string;
  last: string;
  today: string;
  change: (change: Change) => void;
}) {
  const { t } = useTranslation();
  const { place } = useFormat();
  const search = route.useSearch();
  const devices = useQuery(ask('GET /devices', { query: { limit: 10_000 } }));
  const schedules = useQuery(ask('GET /schedules'));
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(search.search ?? '');
  const sought = useLater(typed.trim(), 300);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed changes the address
  useEffect(() => {
    if (sought !== (search.search ?? '')) change({ search: sought });
  }, [sought]);
  const yesterday = place.plusDays(today, -1);
  const spans = [
    { name: 'today', from: today, to: today },
    { name: 'yesterday', from: yesterday, to: yesterday },
    { name: 'week', from: place.plusDays(today, -6), to: today },
    { name: 'month', from: place.plusDays(today, -29), to: today },
  ] as const;
  // The schedule may have been removed since; its log stays, and the filter still says by which one.
  const known = schedules.data?.map(({ id, title }) => ({ value: id, label: title })) ?? [];
  if (
    search.schedule !== undefined &&
    schedules.data !== undefined &&
    !known.some(({ value }) => value === search.schedule)
  )
    known.push({ value: search.schedule, label: t('log.removedSchedule') });
  const chosen = [search.area, search.device, search.schedule, search.search].filter(Boolean).length;
  return (
    <>
      <fieldset className="plain-group chips chips-scroll log-spans" aria-label={t('log.span')}>
        <button type="button" className="chip log-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          <IconFilter size={16} aria-hidden />
          {t('log.filters')}
          {chosen > 0 && <span className="num">{chosen}</span>}
        </button>
        {spans.map((span) => (
          <button
            key={span.name}
            type="button"
            className="chip"
            aria-pressed={first === span.from && last === span.to}
            onClick={() => change({ from: span.from, to: span.to })}
          >
            {t(`log.spans.${span.name}`)}
          </button>
        ))}
      </fieldset>
      <div className="filters log-filters" data-open={open}>
        <DateField
          hidden
          clearable={false}
          label={t('log.from')}
          value={first}
          onChange={(from) => from !== null && change(from > last ? { from, to: from } : { from })}
        />
        <DateField
          hidden
          clearable={false}
          label={t('log.to')}
          value={last}
          onChange={(to) => to !== null && change(to < first ? { from: to, to } : { to })}
        />
        <AreaSelect value={search.area ?? null} onChange={(area) => change({ area: area ?? '' })} />
        <Select
          aria-label={t('log.device')}
          placeholder={t('log.allDevices')}
          data={devices.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={search.device ?? null}
          onChange={(device) => change({ device: device ?? '' })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('action.clear') }}
          limit={60}
          nothingFoundMessage={t('state.nothingFound')}
        />
        <Select
          aria-label={t('log.schedule')}
          placeholder={t('log.allSchedules')}
          data={known}
          value={search.schedule ?? null}
          onChange={(schedule) => change({ schedule: schedule ?? '' })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('action.clear') }}
          nothingFoundMessage={t('state.nothingFound')}
        />
        <SearchField label={t('log.search')} value={typed} change={setTyped} />
      </div>
    </>
  );
}
