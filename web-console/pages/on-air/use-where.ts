import { useTranslation } from 'react-i18next';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';

/** Where a broadcast goes, in the reader's words: `Tổ 1 · Tổ 3`. */
export function useWhere(): (targets: BroadcastSummary['targets']) => string {
  const { t } = useTranslation();
  return (targets) =>
    targets.map(({ kind, name }) => (kind === 'all' ? t('schedules.all') : name)).join(' · ');
}
