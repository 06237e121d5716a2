import { ActionIcon, Button, Select, Stack, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Area } from '#controller/http/contract/areas';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { useSay } from '../../parts/undo.tsx';
import { AreaSelect, inTree } from './selects.tsx';

export function Areas() {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const areas = useQuery(ask('GET /areas'));
  const [edited, setEdited] = useState<Area | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) => api('DELETE /areas/{id}', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['GET /areas'] }),
    onError: say.failed,
  });
  return (
    <Stack>
      <Answered of={areas}>
        {(data) => (
          <div>
            {inTree(data).map(({ area, depth }) => (
              <div key={area.id} className="place-row" style={{ paddingLeft: depth * 20 }}>
                <span>
                  {area.name} <span className="dim num">· {t('count.devices', { count: area.devices })}</span>
                </span>
                <ActionIcon
                  size={44}
                  variant="subtle"
                  aria-label={t('areas.edit', { name: area.name })}
                  onClick={() => setEdited(area)}
                >
                  <IconPencil size={18} />
                </ActionIcon>
                {area.devices === 0 && !data.some(({ parentId }) => parentId === area.id) && (
                  <ActionIcon
                    size={44}
                    variant="subtle"
                    color="red"
                    aria-label={t('areas.remove', { name: area.name })}
                    onClick={() => remove.mutate(area.id)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                )}
              </div>
            ))}
          </div>
        )}
      </Answered>
      <AreaForm key={edited?.id ?? 'new'} area={edited} done={() => setEdited(null)} />
    </Stack>
  );
}

const kinds = ['province', 'ward', 'neighbourhood'] as const;

function AreaForm({ area, done }: { area: Area | null; done: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const [name, setName] = useState(area?.name ?? '');
  const [kind, setKind] = useState<Area['kind']>(area?.kind ?? 'neighbourhood');
  const [parentId, setParent] = useState<string | null>(area?.parentId ?? null);
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), kind, parentId };
      return area === null
        ? api('POST /areas', { body })
        : api('PATCH /areas/{id}', { params: { id: area.id }, body });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /areas'] });
      if (area === null) setName('');
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
          label={t(area === null ? 'areas.new' : 'areas.name')}
          placeholder={t('areas.placeholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        <Select
          label={t('areas.kind')}
          data={kinds.map((value) => ({ value, label: t(`areaKind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(kinds.find((known) => known === value) ?? 'neighbourhood')}
          allowDeselect={false}
        />
        <AreaSelect
          label={t('areas.parent')}
          value={parentId}
          onChange={setParent}
          {...(area === null ? {} : { except: area.id })}
        />
        <div className="page-actions">
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
            {t(area === null ? 'areas.add' : 'action.save')}
          </Button>
          {area !== null && (
            <Button variant="default" onClick={done}>
              {t('action.cancel')}
            </Button>
          )}
        </div>
      </Stack>
    </form>
  );
}
