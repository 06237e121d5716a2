import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CapPolicy } from '#controller/http/contract/policies';
import { ask } from '../../../api/ask.ts';
import { inTree } from '../../devices/selects.tsx';
import { targetOf } from '../../on-air/reach.ts';

type List = CapPolicy['geocodes'];
const EVERYWHERE = 'all:';

/** What a sender calls the places here. */
export function Geocodes({
  geocodes,
  change,
  disabled,
}: {
  geocodes: List;
  change: (geocodes: List) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const areas = useQuery(ask('GET /areas')).data ?? [];
  const groups = useQuery(ask('GET /groups')).data ?? [];
  const put = (place: number, next: Partial<List[number]>) =>
    change(geocodes.map((geocode, index) => (index === place ? { ...geocode, ...next } : geocode)));
  const places = [
    { group: t('schedules.everybody'), items: [{ value: EVERYWHERE, label: t('schedules.all') }] },
    {
      group: t('areas.title'),
      items: inTree(areas).map(({ area }) => ({ value: `area:${area.id}`, label: area.name })),
    },
    {
      group: t('groups.title'),
      items: groups.map(({ id, name }) => ({ value: `group:${id}`, label: name })),
    },
  ];
  return (
    <div className="policy-block">
      <h3>{t('capPolicy.geocodes')}</h3>
      <p className="hint">{t('capPolicy.geocodesHint')}</p>
      {geocodes.map(({ valueName, value, target }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its name is being typed
        <div key={index} className="cap-geocode">
          <TextInput
            label={t('capPolicy.valueName')}
            value={valueName}
            onChange={(event) => put(index, { valueName: event.currentTarget.value })}
            maxLength={100}
          />
          <TextInput
            label={t('capPolicy.value')}
            value={value}
            onChange={(event) => put(index, { value: event.currentTarget.value })}
            maxLength={100}
          />
          <Select
            label={t('capPolicy.target')}
            data={places}
            value={`${target.kind}:${target.id}`}
            onChange={(chosen) => put(index, { target: targetOf(chosen ?? EVERYWHERE) })}
            allowDeselect={false}
            searchable
            nothingFoundMessage={t('state.nothingFound')}
            disabled={disabled}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            disabled={disabled}
            aria-label={t('capPolicy.takeGeocode', { value })}
            onClick={() => change(geocodes.filter((_, place) => place !== index))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || geocodes.length >= 500}
          onClick={() => change([...geocodes, { valueName: '', value: '', target: { kind: 'all', id: '' } }])}
        >
          {t('capPolicy.addGeocode')}
        </Button>
      </div>
    </div>
  );
}
