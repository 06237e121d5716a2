import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/ask.ts';
import { useFormat } from '../words/format.ts';

const ONE = { limit: 1 } as const;

/** How many bulletins and alerts wait for a person; 0 while that is not known. */
export function useWaiting(): number {
  const counts = [
    useQuery(ask('GET /bulletins', { query: { state: 'received', ...ONE } })),
    useQuery(ask('GET /bulletins', { query: { state: 'choose', ...ONE } })),
    useQuery(ask('GET /bulletins', { query: { state: 'accepted', ...ONE } })),
    useQuery(ask('GET /alerts', { query: { state: 'waiting', ...ONE } })),
  ];
  return counts.reduce((sum, { data }) => sum + (data?.total ?? 0), 0);
}

/** The number at a place that has something to decide. */
export function WaitingBadge({ count }: { count: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (count === 0) return null;
  return (
    <span className="waiting-badge num">
      <span aria-hidden="true">{format.number(count)}</span>
      <span className="visually-hidden">{t('inbox.waitingCount', { count })}</span>
    </span>
  );
}
