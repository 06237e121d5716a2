import { Anchor, Button } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useMayAlarm } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { DrillForm } from './drill-form.tsx';
import { IncidentRow } from './incident-row.tsx';
import './incidents.css';

const route = getRouteApi('/incidents');
const kinds = ['all', 'none', 'only'] as const;

/** What was an emergency and what was rehearsed, newest first; what was only begun to be drawn up is left out. */
export function Incidents() {
  const { t } = useTranslation();
  const may = useMayAlarm();
  const { drill } = route.useSearch();
  const navigate = route.useNavigate();
  const [drilling, setDrilling] = useState(false);
  const query = { limit: 50, ...(drill === undefined ? {} : { drill }) };
  const incidents = useInfiniteQuery({
    queryKey: ['GET /incidents', { query }, 'list'],
    queryFn: ({ pageParam }) =>
      api('GET /incidents', { query: { ...query, ...(pageParam === null ? {} : { cursor: pageParam }) } }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const start = (
    <Button
      variant="default"
      leftSection={<IconChecklist size={18} />}
      disabled={!may}
      onClick={() => setDrilling(true)}
    >
      {t('drill.start')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('nav.incidents')} note={t('incidents.note')}>
        <Anchor
          className="incidents-link"
          renderRoot={(props) => <Link to="/emergency/messages" {...props} />}
        >
          {t('stored.title')}
        </Anchor>
        {start}
      </PageHead>
      <fieldset className="plain-group chips incidents-kinds" aria-label={t('incidents.kinds')}>
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            className="chip"
            aria-pressed={(drill ?? 'all') === kind}
            onClick={() => void navigate({ search: kind === 'all' ? {} : { drill: kind }, replace: true })}
          >
            {t(`incidents.kind.${kind}`)}
          </button>
        ))}
      </fieldset>
      <Answered of={incidents} rows={6} height={72}>
        {({ pages }) => {
          const items = pages
            .flatMap((page) => page.items)
            .filter(
              ({ state, source }) => state !== 'cancelled' && (state !== 'draft' || source !== 'person'),
            );
          return items.length === 0 ? (
            <div className="section section-boxed">
              <Empty text={t(drill === 'only' ? 'drill.none' : 'incidents.none')}>{start}</Empty>
            </div>
          ) : (
            <ul className="incident-list">
              {items.map((incident) => (
                <IncidentRow key={incident.id} incident={incident} />
              ))}
            </ul>
          );
        }}
      </Answered>
      {incidents.hasNextPage && (
        <Button
          className="incidents-more"
          variant="default"
          loading={incidents.isFetchingNextPage}
          onClick={() => void incidents.fetchNextPage()}
        >
          {t('incidents.older')}
        </Button>
      )}
      {drilling && <DrillForm close={() => setDrilling(false)} />}
    </>
  );
}
