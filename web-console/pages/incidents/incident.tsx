import { Anchor, Button } from '@mantine/core';
import { IconArrowLeft, IconFileCertificate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { addressOf } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';
import '../emergency/emergency.css';
import { useWhere } from '../on-air/use-where.ts';
import { IncidentActions } from './actions.tsx';
import { IncidentMark } from './incident-mark.tsx';
import './incidents.css';
import { Ladder } from './ladder.tsx';
import { Messages } from './messages.tsx';
import { Review } from './review.tsx';
import { SecondPerson } from './second-person.tsx';
import { Silent } from './silent.tsx';
import type { Step } from './steps.ts';

const route = getRouteApi('/incidents/$id');
/** While it sounds it is asked for by the clock too: a change that was not told must not leave old figures here. */
const EVERY_MS = 5_000;

export function IncidentPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const incident = useQuery({
    ...ask('GET /incidents/{id}', { params: { id } }),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'active' || data?.state === 'waiting' ? EVERY_MS : false,
  });
  return (
    <>
      <Anchor className="incidents-back" renderRoot={(props) => <Link to="/incidents" {...props} />}>
        <IconArrowLeft size={18} aria-hidden /> {t('nav.incidents')}
      </Anchor>
      <Answered of={incident} rows={4} height={110}>
        {(data) => <Shown incident={data} />}
      </Answered>
    </>
  );
}

function Shown({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const where = useWhere();
  const [open, setOpen] = useState<Step | null>(null);
  const { id, title, state, source, activatedAt } = incident;
  return (
    <div className="incident">
      <PageHead
        title={title}
        note={
          <span className="incident-note">
            <span aria-live="assertive">
              <IncidentMark incident={incident} />
            </span>
            <Since incident={incident} />
            <span>{where(incident.targets)}</span>
            {source !== 'person' && (
              <Link to="/inbox" search={{ tab: source === 'cap' ? 'alerts' : 'bulletins' }}>
                {t(`incidents.source.${source}`)}
              </Link>
            )}
          </span>
        }
      >
        {activatedAt !== null && (
          <Button
            component="a"
            variant="default"
            leftSection={<IconFileCertificate size={18} />}
            href={addressOf('GET /incidents/{id}/report', { params: { id } })}
            target="_blank"
          >
            {t('incidents.report')}
          </Button>
        )}
      </PageHead>
      {(state === 'draft' || state === 'waiting') && <SecondPerson incident={incident} />}
      {activatedAt !== null && <Ladder incident={incident} open={open} setOpen={setOpen} />}
      {state === 'active' && <IncidentActions incident={incident} />}
      {activatedAt !== null && <Silent incident={incident} opened={open === 'silent'} />}
      {incident.breakGlass !== null && <Review incident={incident} glass={incident.breakGlass} />}
      <Messages incident={incident} />
    </div>
  );
}

/** Since when it is so, and by whom. */
function Since({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(1_000);
  const { state, activatedAt, createdAt, endedAt, endedBy, expiresAt, stoppedAt, confirmedBy, secondBy } =
    incident;
  const who = [confirmedBy, secondBy].filter((name) => name !== null).join(', ');
  return (
    <span className="num">
      {activatedAt === null
        ? t('incidents.drawnUp', { when: format.moment(createdAt) })
        : endedAt !== null
          ? t(endedBy === null ? 'incidents.fromTo' : 'incidents.fromToBy', {
              from: format.moment(activatedAt),
              to: format.moment(endedAt),
              who: endedBy,
            })
          : `${t('incidents.since', { when: format.second(activatedAt), span: format.span(Math.max(0, now - activatedAt)) })}`}
      {who !== '' && ` · ${t('incidents.confirmedBy', { who })}`}
      {state === 'active' &&
        expiresAt !== null &&
        ` · ${t('incidents.until', { when: format.moment(expiresAt) })}`}
      {stoppedAt !== null && (
        <span className="incident-stopped">
          {' '}
          · {t('incidents.stopped', { when: format.second(stoppedAt) })}
        </span>
      )}
    </span>
  );
}
