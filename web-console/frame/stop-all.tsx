import { Button, Modal } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/ask.ts';
import { api } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { inTree } from '../pages/devices/selects.tsx';
import { useSay } from '../parts/undo.tsx';
import './stop-all.css';

const EVERYWHERE = '';

/** Silence, two taps from anywhere: this button, and the one that spells out where and how many. */
export function StopAll({ className }: { className: string }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const [opened, setOpened] = useState(false);
  if (!may) return null;
  return (
    <>
      <button type="button" className={className} onClick={() => setOpened(true)} aria-haspopup="dialog">
        <IconHandStop size={22} stroke={1.8} aria-hidden />
        <span className="stop-words">{t('stopAll.open')}</span>
        <span className="stop-word">{t('stopAll.short')}</span>
      </button>
      {opened && <Sure close={() => setOpened(false)} />}
    </>
  );
}

function Sure({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const overview = useQuery(ask('GET /overview')).data;
  const areas = useQuery(ask('GET /areas')).data ?? [];
  const [area, setArea] = useState(EVERYWHERE);
  const chosen = areas.find(({ id }) => id === area);
  const everywhere =
    overview === undefined ? null : Object.values(overview.devices).reduce((sum, count) => sum + count, 0);
  const count = chosen === undefined ? everywhere : chosen.devices;
  const where = chosen?.name ?? t('stopAll.everywhere');
  const stop = useMutation({
    mutationFn: () =>
      api('POST /stop-all', {
        body: { targets: [chosen === undefined ? { kind: 'all', id: '' } : { kind: 'area', id: chosen.id }] },
      }),
    onSuccess: ({ devices }) => {
      say.done(t('stopAll.done', { count: devices, where }));
      close();
      return client.invalidateQueries();
    },
    onError: say.failed,
  });
  const onAir = overview?.onAir ?? [];
  return (
    <Modal
      opened
      onClose={close}
      title={t('stopAll.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="stop-sure">
        <p className="hint">
          {onAir.length === 0
            ? t('stopAll.nothing')
            : t('stopAll.playing', { titles: onAir.map(({ title }) => title).join(' · ') })}
        </p>
        {areas.length > 0 && (
          <fieldset className="plain-group chips stop-where" aria-label={t('stopAll.where')}>
            <Chip
              name={t('stopAll.everywhere')}
              pressed={chosen === undefined}
              press={() => setArea(EVERYWHERE)}
            />
            {inTree(areas)
              .filter((line) => line.area.devices > 0)
              .map((line) => (
                <Chip
                  key={line.area.id}
                  name={line.area.name}
                  pressed={area === line.area.id}
                  press={() => setArea(line.area.id)}
                />
              ))}
          </fieldset>
        )}
        <Button
          color="red"
          size="xl"
          fullWidth
          data-autofocus
          className="stop-button"
          leftSection={<IconHandStop size={26} />}
          loading={stop.isPending}
          onClick={() => stop.mutate()}
        >
          {count === null ? t('stopAll.sureWhere', { where }) : t('stopAll.sure', { count, where })}
        </Button>
        <p className="hint">{t('stopAll.after')}</p>
      </div>
    </Modal>
  );
}

function Chip({ name, pressed, press }: { name: string; pressed: boolean; press: () => void }) {
  return (
    <button type="button" className="chip" aria-pressed={pressed} onClick={press}>
      {name}
    </button>
  );
}
