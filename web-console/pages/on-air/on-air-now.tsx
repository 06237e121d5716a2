import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';
import { ask } from '../../api/ask.ts';
import { useWatched } from '../../live/store.ts';
import { LiveBroadcast } from './live-broadcast.tsx';
import { callNow } from './microphone/call.ts';
import { RelayCard } from './relay/relay-card.tsx';
import { onAirPlace } from './show-on-air.ts';

/** Everything that people put on the air and that still is; one's own call is at the desk already. */
export function OnAirNow({ broadcasts }: { broadcasts: readonly BroadcastSummary[] }) {
  const { t } = useTranslation();
  const call = useWatched(callNow, (value) => value);
  const own = call?.state.value.session?.id;
  const relayed = broadcasts.some(({ content }) => content.kind === 'relay');
  const relays = useQuery({ ...ask('GET /relays'), enabled: relayed }).data ?? [];
  const shown = broadcasts.filter(({ id }) => id !== own);
  return (
    <section {...onAirPlace} className="studio-live" aria-label={t('studio.onAirNow')} aria-live="polite">
      {shown.map((broadcast) => {
        const relay = relays.find(({ id }) => id === broadcast.id);
        return relay === undefined ? (
          <LiveBroadcast key={broadcast.id} broadcast={broadcast} />
        ) : (
          <RelayCard key={broadcast.id} run={relay} />
        );
      })}
    </section>
  );
}
