import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Reach } from '#controller/http/contract/broadcasts';
import type { Target } from '#controller/http/contract/schedules';
import { ask } from '../../api/ask.ts';

export const targetOf = (reference: string): Target => {
  const [kind, id = ''] = reference.split(':');
  return { kind: kind === 'group' || kind === 'area' || kind === 'device' ? kind : 'all', id };
};

/** How many devices `{kind}:{id}` reach, counted by the controller. @returns undefined until it is known. */
export function useReach(references: readonly string[]): Reach | undefined {
  return useQuery(ask('GET /reach', { query: { targets: references.join(',') } })).data;
}

/** What the chosen places are called, `Tổ 1 · Tổ 3`. */
export function useNames(references: readonly string[]): string {
  const { t } = useTranslation();
  const areas = useQuery(ask('GET /areas')).data ?? [];
  const groups = useQuery(ask('GET /groups')).data ?? [];
  const single = references.some((reference) => reference.startsWith('device:'));
  const devices = useQuery({ ...ask('GET /devices', { query: { limit: 10_000 } }), enabled: single }).data;
  const among = { area: areas, group: groups, device: devices?.items ?? [] };
  return references
    .map(targetOf)
    .map(({ kind, id }) =>
      kind === 'all' ? t('schedules.all') : (among[kind].find((one) => one.id === id)?.name ?? id),
    )
    .join(' · ');
}
