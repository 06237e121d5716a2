import { Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Area } from '#controller/http/contract/areas';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { PlaceForm } from './place-form.tsx';
import { PlaceRow } from './place-row.tsx';
import { AreaSelect, inTree } from './selects.tsx';

export function Areas() {
  const areas = useQuery(ask('GET /areas'));
  const [edited, setEdited] = useState<Area | null>(null);
  return (
    <Stack>
      <Answered of={areas}>
        {(data) => (
          <div>
            {inTree(data).map(({ area, depth }) => {
              const empty = area.devices === 0 && !data.some(({ parentId }) => parentId === area.id);
              return (
                <PlaceRow
                  key={area.id}
                  of="areas"
                  name={area.name}
                  devices={area.devices}
                  depth={depth}
                  edit={() => setEdited(area)}
                  remove={empty ? () => api('DELETE /areas/{id}', { params: { id: area.id } }) : null}
                />
              );
            })}
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
  const [kind, setKind] = useState<Area['kind']>(area?.kind ?? 'neighbourhood');
  const [parentId, setParent] = useState<string | null>(area?.parentId ?? null);
  const save = (name: string) => {
    const body = { name, kind, parentId };
    return area === null
      ? api('POST /areas', { body })
      : api('PATCH /areas/{id}', { params: { id: area.id }, body });
  };
  return (
    <PlaceForm of="areas" edited={area} save={save} done={done}>
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
    </PlaceForm>
  );
}
