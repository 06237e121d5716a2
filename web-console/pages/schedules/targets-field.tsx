import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { inTree } from '../devices/selects.tsx';

const EVERYWHERE = 'all:';

/** Who hears it: areas, groups and single devices; or everybody, which excludes the rest. */
export function TargetsField({
  value,
  onChange,
  error,
}: {
  value: string[];
  onChange: (targets: string[]) => void;
  error: string | false;
}) {
  const { t } = useTranslation();
  const areas = useQuery(ask('GET /areas'));
  const groups = useQuery(ask('GET /groups'));
  const devices = useQuery(ask('GET /devices', { query: { limit: 10_000 } }));
  const change = (next: string[]) => {
    const added = next.find((reference) => !value.includes(reference));
    if (added === EVERYWHERE) onChange([EVERYWHERE]);
    else onChange(next.filter((reference) => reference !== EVERYWHERE || next.length === 1));
  };
  return (
    <MultiSelect
      label={t('schedules.targets')}
      data={[
        { group: t('schedules.everybody'), items: [{ value: EVERYWHERE, label: t('schedules.all') }] },
        {
          group: t('areas.title'),
          items: inTree(areas.data ?? []).map(({ area }) => ({ value: `area:${area.id}`, label: area.name })),
        },
        {
          group: t('groups.title'),
          items: groups.data?.map(({ id, name }) => ({ value: `group:${id}`, label: name })) ?? [],
        },
        {
          group: t('nav.devices'),
          items: devices.data?.items.map(({ id, name }) => ({ value: `device:${id}`, label: name })) ?? [],
        },
      ]}
      value={value}
      onChange={change}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      limit={80}
      nothingFoundMessage={t('state.nothingFound')}
      error={error}
    />
  );
}
