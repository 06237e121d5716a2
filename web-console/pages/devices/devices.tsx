import { Button } from '@mantine/core';
import { IconChecklist, IconCpu, IconHierarchy2, IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Shape, statusSigns } from '../../parts/mark.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useLater } from '../../parts/use-later.ts';
import { useFormat } from '../../words/format.ts';
import { ManySettings } from './many.tsx';
import { ManyBar } from './many-bar.tsx';
import { DeviceRows } from './rows.tsx';
import { AreaSelect, KindSelect } from './selects.tsx';
import { DeviceStatusNames } from './statuses.ts';
import './devices.css';
import { Pairings } from './pairings.tsx';
import { Places } from './places.tsx';

const route = getRouteApi('/devices');

export function Devices() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(search.search ?? '');
  const [places, setPlaces] = useState(false);
  const may = useMay('technician');
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [setting, setSetting] = useState(false);
  const sought = useLater(typed.trim(), 250);
  const filter = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const { search: _, ...narrowed } = search;
  const devices = useQuery({
    ...ask('GET /devices', {
      query: { ...narrowed, ...(sought === '' ? {} : { search: sought }), limit: 10_000 },
    }),
    placeholderData: keepPreviousData,
  });
  const filtered = sought !== '' || Object.keys(narrowed).length > 0;
  const clear = () => {
    setTyped('');
    void navigate({ search: {}, replace: true });
  };
  return (
    <>
      <PageHead
        title={t('nav.devices')}
        note={devices.data && t('count.devices', { count: devices.data.total })}
      >
        <Button
          variant="default"
          leftSection={<IconChecklist size={18} />}
          disabled={!may}
          aria-pressed={chosen !== null}
          onClick={() => setChosen(chosen === null ? new Set() : null)}
        >
          {t(chosen === null ? 'many.select' : 'many.done')}
        </Button>
        <Button variant="default" leftSection={<IconHierarchy2 size={18} />} onClick={() => setPlaces(true)}>
          {t('devices.places')}
        </Button>
        {may && (
          <Button
            variant="default"
            leftSection={<IconCpu size={18} />}
            renderRoot={(props) => <Link to="/devices/firmware" {...props} />}
          >
            {t('firmware.link')}
          </Button>
        )}
      </PageHead>
      <Pairings />
      <div className="filters">
        <SearchField grow label={t('devices.search')} value={typed} change={setTyped} />
        <AreaSelect value={search.area ?? null} onChange={(area) => filter({ area: area ?? undefined })} />
        <KindSelect value={search.kind ?? null} onChange={(kind) => filter({ kind: kind ?? undefined })} />
      </div>
      <Answered of={devices} rows={8} height={56}>
        {(data) => (
          <>
            <fieldset className="plain-group chips chips-scroll" aria-label={t('devices.byStatus')}>
              {DeviceStatusNames.map((status) => (
                <button
                  key={status}
                  type="button"
                  className="chip"
                  aria-pressed={search.status === status}
                  onClick={() => filter({ status: search.status === status ? undefined : status })}
                >
                  <Shape {...statusSigns[status]} />
                  {t(`status.${status}`)}
                  <span className="num">{format.number(data.counts[status])}</span>
                </button>
              ))}
              {filtered && (
                <button type="button" className="chip" onClick={clear}>
                  <IconX size={16} aria-hidden />
                  {t('action.clearFilters')}
                </button>
              )}
            </fieldset>
            {data.items.length > 0 ? (
              <>
                {chosen !== null && (
                  <ManyBar
                    chosen={chosen}
                    all={data.items}
                    choose={setChosen}
                    open={() => setSetting(true)}
                  />
                )}
                <DeviceRows
                  devices={data.items}
                  choice={chosen === null ? null : { chosen, toggle: (id) => setChosen(toggled(chosen, id)) }}
                />
              </>
            ) : (
              <Empty text={t(filtered ? 'devices.noneFound' : 'devices.none')}>
                {filtered && (
                  <Button variant="default" onClick={clear}>
                    {t('action.clearFilters')}
                  </Button>
                )}
              </Empty>
            )}
          </>
        )}
      </Answered>
      {setting && chosen !== null && (
        <ManySettings
          devices={[...chosen]}
          close={() => setSetting(false)}
          done={() => {
            setSetting(false);
            setChosen(null);
          }}
        />
      )}
      <Places opened={places} close={() => setPlaces(false)} />
    </>
  );
}

function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}
