import { MultiSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Group } from '#controller/http/contract/areas';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PlaceForm } from './place-form.tsx';
import { PlaceRow } from './place-row.tsx';

export function Groups() {
  const { t } = useTranslation();
  const groups = useQuery(ask('GET /groups'));
  const [edited, setEdited] = useState<Group | null>(null);
  return (
    <Stack>
      <Answered of={groups}>
        {(data) =>
          data.length === 0 ? (
            <Empty text={t('groups.none')} />
          ) : (
            <div>
              {data.map((group) => (
                <PlaceRow
                  key={group.id}
                  of="groups"
                  name={group.name}
                  devices={group.devices.length}
                  edit={() => setEdited(group)}
                  remove={() => api('DELETE /groups/{id}', { params: { id: group.id } })}
                />
              ))}
            </div>
          )
        }
      </Answered>
      <GroupForm key={edited?.id ?? 'new'} group={edited} done={() => setEdited(null)} />
    </Stack>
  );
}

function GroupForm({ group, done }: { group: Group | null; done: () => void }) {
  const { t } = useTranslation();
  const all = useQuery(ask('GET /devices', { query: { limit: 10_000 } }));
  const [devices, setDevices] = useState<string[]>(group?.devices ?? []);
  const options = useMemo(
    () => all.data?.items.map((device) => ({ value: device.id, label: device.name })) ?? [],
    [all.data],
  );
  const save = async (name: string) => {
    const body = { name, devices };
    if (group !== null) return api('PATCH /groups/{id}', { params: { id: group.id }, body });
    const added = await api('POST /groups', { body });
    setDevices([]);
    return added;
  };
  return (
    <PlaceForm of="groups" edited={group} save={save} done={done}>
      <MultiSelect
        label={t('groups.devices')}
        data={options}
        value={devices}
        onChange={setDevices}
        searchable
        limit={50}
        nothingFoundMessage={t('state.nothingFound')}
      />
    </PlaceForm>
  );
}
