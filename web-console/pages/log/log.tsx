import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addressOf, api } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Shape, verdictSigns } from '../../parts/mark.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';
import { Filters } from './filters.tsx';
import './log.css';
import { PlayDrawer } from './play-drawer.tsx';
import { PlayRows } from './rows.tsx';

const route = getRouteApi('/log');
const verdicts = ['played', 'late', 'partial', 'preempted', 'missed', 'unknown', 'pending'] as const;

/** What was heard and seen, by the devices' own word. */
export function Log() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { place } = format;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = place.dateOf(useNow(60_000));
  const { at, verdict, from: first = today, to: last, ...rest } = search;
  // A single day that was asked for by its start reaches to today, or to itself when it lies ahead.
  const ahead = first > today;
  const end = last ?? (ahead ? first : today);
  const filter = {
    ...rest,
    from: place.instant(first),
    to: place.instant(place.plusDays(end, 1)),
    ...(verdict === undefined ? {} : { verdict }),
  };
  const plays = useInfiniteQuery({
    queryKey: ['GET /plays', { query: filter }, 'log'],
    queryFn: ({ pageParam }) =>
      api('GET /plays', {
        query: { ...filter, limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const change = (next: Partial<typeof search>) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...next }).filter(([, value]) => value !== undefined && value !== ''),
        ),
      replace: true,
    });
  const counts = plays.data?.pages[0]?.counts;
  return (
    <>
      <PageHead title={t('nav.log')} note={t('log.note')}>
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={18} />}
          href={addressOf('GET /plays.csv', {
            query: { ...filter, language: i18n.language === 'en' ? 'en' : 'vi' },
          })}
          download
        >
          {t('log.export')}
        </Button>
      </PageHead>
      <Filters first={first} last={end} today={today} change={change} />
      <fieldset className="plain-group chips chips-scroll" aria-label={t('log.byVerdict')}>
        {verdicts.map((name) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={verdict === name}
            onClick={() => change({ verdict: verdict === name ? undefined : name })}
          >
            <Shape {...verdictSigns[name]} />
            {t(`verdict.${name}`)}
            <span className="num">{counts === undefined ? '–' : format.number(counts[name])}</span>
          </button>
        ))}
      </fieldset>
      <Answered of={plays} rows={8} height={56}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Empty
              text={t(verdict === undefined && Object.keys(rest).length === 0 ? 'log.none' : 'log.noneFound')}
            />
          ) : (
            <PlayRows
              plays={items}
              total={pages[0]?.total ?? items.length}
              more={() => {
                if (plays.hasNextPage && !plays.isFetchingNextPage) void plays.fetchNextPage();
              }}
              open={(play) => change({ at: `${play.occurrence} ${play.deviceId}` })}
            />
          );
        }}
      </Answered>
      <PlayDrawer at={at ?? null} close={() => change({ at: undefined })} />
    </>
  );
}
