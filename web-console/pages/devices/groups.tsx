import { ActionIcon, Button, MultiSelect, Stack, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Group } from '#controller/http/contract/areas';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useSay } from '../../parts/undo.tsx';

export function Groups() {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const groups = useQuery(ask('GET /groups'));
  const [edited, setEdited] = useState<Group | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) => api('DELETE /groups/{id}', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['GET /groups'] }),
    onError: say.failed,
  });
  return (
    <Stack>
      <Answered of={groups}>
        {(data) =>
          data.length === 0 ? (
            <Empty text={t('groups.none')} />
          ) : (
            <div>
              {data.map((group) => (
                <div key={group.id} className="place-row">
                  <span>
                    {group.name}{' '}
                    <span className="dim num">· {t('count.devices', { count: group.devices.length })}</span>
                  </span>
                  <ActionIcon
                    size={44}
                    variant="subtle"
                    aria-label={t('groups.edit', { name: group.name })}
                    onClick={() => setEdited(group)}
                  >
                    <IconPencil size={18} />
                  </ActionIcon>
                  <ActionIcon
                    size={44}
                    variant="subtle"
                    color="red"
                    aria-label={t('groups.remove', { name: group.name })}
                    onClick={() => remove.mutate(group.id)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </div>
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
  const say = useSay();
  const client = useQueryClient();
  const all = useQuery(ask('GET /devices', { query: { limit: 10_000 } }));
  const [name, setName] = useState(group?.name ?? '');
  const [devices, setDevices] = useState<string[]>(group?.devices ?? []);
  const options = useMemo(
    () => all.data?.items.map((device) => ({ value: device.id, label: device.name })) ?? [],
    [all.data],
  );
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), devices };
      return group === null
        ? api('POST /groups', { body })
        : api('PATCH /groups/{id}', { params: { id: group.id }, body });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /groups'] });
      if (group === null) {
        setName('');
        setDevices([]);
      }
      done();
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t(group === null ? 'groups.new' : 'groups.name')}
          placeholder={t('groups.placeholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        <MultiSelect
          label={t('groups.devices')}
          data={options}
          value={devices}
          onChange={setDevices}
          searchable
          limit={50}
          nothingFoundMessage={t('state.nothingFound')}
        />
        <div className="page-actions">
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
            {t(group === null ? 'groups.add' : 'action.save')}
          </Button>
          {group !== null && (
            <Button variant="default" onClick={done}>
              {t('action.cancel')}
            </Button>
          )}
        </div>
      </Stack>
    </form>
  );
}
