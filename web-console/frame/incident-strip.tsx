import { IconUrgent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { ask } from '../api/ask.ts';
import { useFormat } from '../words/format.ts';

const FEW = 5;

/** On every page: what sounds as an emergency now, and what waits for a second person. */
export function IncidentStrips() {
  const active =
    useQuery(ask('GET /incidents', { query: { state: 'active', limit: FEW } })).data?.items ?? [];
  const waiting =
    useQuery(ask('GET /incidents', { query: { state: 'waiting', limit: FEW } })).data?.items ?? [];
  const real = active.filter(({ drill }) => drill === null);
  const drills = active.filter(({ drill }) => drill !== null);
  return (
    <div className="incident-strips">
      <div role="alert" aria-atomic="false">
        {real.map((incident) => (
          <Strip key={incident.id} incident={incident} />
        ))}
      </div>
      <div role="status">
        {[...waiting, ...drills].map((incident) => (
          <Strip key={incident.id} incident={incident} />
        ))}
      </div>
    </div>
  );
}

function Strip({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, title, state, drill, counts, activatedAt, createdAt } = incident;
  const said =
    state === 'waiting'
      ? 'incidentStrip.waiting'
      : drill === null
        ? 'incidentStrip.active'
        : 'incidentStrip.drill';
  return (
    <Link
      to="/incidents/$id"
      params={{ id }}
      className="incident-strip"
      data-calm={state === 'waiting' || drill !== null}
    >
      <IconUrgent size={20} aria-hidden />
      <span>
        {t(said)}: <strong>{title}</strong>{' '}
        <span className="num">
          {t('incidentStrip.since', { when: format.moment(activatedAt ?? createdAt) })}
        </span>
      </span>
      {state === 'active' && (
        // Spoken once with the strip; every further count would talk over the person who reads.
        <span className="incident-strip-count num" aria-live="off">
          {t('incidentStrip.reached', {
            reached: format.number(counts.sounding + counts.done),
            all: format.number(counts.asked),
          })}
        </span>
      )}
    </Link>
  );
}
