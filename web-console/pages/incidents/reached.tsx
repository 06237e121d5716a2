import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ShareState } from '#controller/http/contract/broadcasts';
import type { Incident } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { shareSigns } from '../on-air/states.ts';
import type { Step } from './steps.ts';

const SHOWN = 200;
/** Which answers of a device belong to which step. */
const within: Record<Exclude<Step, 'silent'>, readonly ShareState[] | null> = {
  asked: null,
  ready: ['received', 'ready'],
  sounding: ['started'],
  done: ['ended', 'stopped'],
};

/** The devices behind a number, of the newest message that went out. */
export function Reached({ incident, step }: { incident: Incident; step: Exclude<Step, 'silent'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const newest = incident.messages.findLast(
    ({ soundBroadcastId, boardBroadcastId }) => soundBroadcastId !== null || boardBroadcastId !== null,
  );
  const ids = [newest?.soundBroadcastId, newest?.boardBroadcastId].filter((id) => id != null);
  const broadcasts = useQueries({
    queries: ids.map((id) => ask('GET /broadcasts/{id}', { params: { id } })),
  });
  const states = within[step];
  const shares = broadcasts
    .flatMap(({ data }) => data?.devices.map((share) => ({ ...share, t0: data.t0 })) ?? [])
    .filter(({ state }) => states === null || states.includes(state))
    .sort((one, other) => one.name.localeCompare(other.name, 'vi', { numeric: true }));
  if (broadcasts.some(({ isPending }) => isPending))
    return (
      <p className="hint" role="status">
        {t('state.loading')}
      </p>
    );
  if (shares.length === 0) return <p className="hint">{t('incidents.nobodyHere')}</p>;
  return (
    <ul className="incident-devices" aria-label={t(`incidentStep.${step}`)}>
      {shares.slice(0, SHOWN).map((share) => (
        <li key={share.deviceId}>
          <Shape {...shareSigns[share.state]} />
          <Link to="/devices/$id" params={{ id: share.deviceId }}>
            {share.name}
          </Link>
          <span className="dim num">
            {t(`shareState.${share.state}`)}
            {share.startedAt !== null && ` · ${format.instant(share.startedAt)}`}
          </span>
        </li>
      ))}
      {shares.length > SHOWN && <li className="dim">{t('onAir.more', { count: shares.length - SHOWN })}</li>}
    </ul>
  );
}
