import { Button, Menu, Progress } from '@mantine/core';
import { IconCalendarPlus, IconPencil, IconPlayerPlay, IconPlaylistAdd, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Asset } from '#controller/http/contract/library';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { progress } from '../../live/link.ts';
import { useWatched } from '../../live/store.ts';
import { Shape } from '../../parts/mark.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import { ProgrammeForm } from './programme-form.tsx';
import { Rename } from './rename.tsx';
import { RowMenu } from './row-menu.tsx';

const Listen = lazy(async () => ({ default: (await import('./listen.tsx')).Listen }));

/** A sound: what it is, how far it came, and the next thing to do with it. */
export function SoundRow({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const [listening, setListening] = useState(false);
  const ready = asset.state === 'ready';
  return (
    <li className="card card-tall">
      <div className="card-main">
        <span className="card-title">{asset.title}</span>
        <State asset={asset} />
      </div>
      <div className="card-actions">
        {ready && (
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={18} />}
            aria-expanded={listening}
            aria-label={t('library.listenTo', { name: asset.title })}
            onClick={() => setListening(!listening)}
          >
            {t('library.listen')}
          </Button>
        )}
        <Actions asset={asset} />
      </div>
      {listening && ready && (
        <Suspense fallback={<div className="wave" />}>
          <Listen asset={asset} />
        </Suspense>
      )}
    </li>
  );
}

function State({ asset }: { asset: Asset }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const live = useWatched(progress, (all) => all.get(asset.id));
  switch (asset.state) {
    case 'ready':
      return (
        <span className="dim num card-facts">
          <span>{format.span(asset.durationMs ?? 0)}</span>
          {asset.loudnessLufs !== null && (
            <span>{t('library.loudness', { value: format.number(asset.loudnessLufs, 1) })}</span>
          )}
          <span>{t(`library.source.${asset.source}`)}</span>
          <span>{t('library.usedBy', { count: asset.usedBy })}</span>
        </span>
      );
    case 'refused': {
      const code = asset.refusal?.code ?? 'unknown';
      const known = i18n.exists(`refusal.${code}.why`);
      return (
        <span className="refusal">
          <Shape shape="cross" tone="bad" />
          <span>
            {known
              ? String(i18n.t(`refusal.${code}.why` as never, asset.refusal?.params as never))
              : t('refusal.other', { code })}{' '}
            {known && String(i18n.t(`refusal.${code}.do` as never, asset.refusal?.params as never))}
          </span>
        </span>
      );
    }
    case 'cancelled':
      return <span className="dim">{t('library.cancelled')}</span>;
    default: {
      const stage = live?.stage ?? asset.stage ?? asset.state;
      const ratio = live?.ratio ?? asset.progress;
      const name = i18n.exists(`stage.${stage}`) ? String(i18n.t(`stage.${stage}` as never)) : stage;
      return (
        <>
          <span className="dim num" role="status">
            {t('library.working', { stage: name, percent: Math.round(ratio * 100) })}
          </span>
          <Progress value={ratio * 100} aria-label={t('library.workingLabel', { name: asset.title })} />
        </>
      );
    }
  }
}

function Actions({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const [making, setMaking] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const working = asset.state === 'receiving' || asset.state === 'queued' || asset.state === 'working';
  const cancel = useMutation({
    mutationFn: () => api('POST /assets/{id}/cancel', { params: { id: asset.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['GET /assets'] }),
    onError: say.failed,
  });
  // The shortest way from a file to the air: the programme is made on the way.
  const schedule = useMutation({
    mutationFn: () =>
      api('POST /programmes', { body: { title: asset.title, language: asset.language, assetId: asset.id } }),
    onSuccess: (programme) => {
      void client.invalidateQueries({ queryKey: ['GET /programmes'] });
      return navigate({ to: '/schedules/$id', params: { id: 'new' }, search: { programme: programme.id } });
    },
    onError: say.failed,
  });
  return (
    <>
      {working && (
        <Button
          variant="default"
          leftSection={<IconX size={18} />}
          onClick={() => cancel.mutate()}
          loading={cancel.isPending}
          disabled={!may}
        >
          {t('action.cancel')}
        </Button>
      )}
      {asset.state === 'ready' && (
        <Button
          variant={asset.usedBy === 0 ? 'filled' : 'default'}
          leftSection={<IconCalendarPlus size={18} />}
          onClick={() => schedule.mutate()}
          loading={schedule.isPending}
          disabled={!may}
        >
          {t('library.scheduleIt')}
        </Button>
      )}
      <RowMenu
        name={asset.title}
        needed={working}
        remove={() => api('DELETE /assets/{id}', { params: { id: asset.id } })}
        restore={() => api('POST /assets/{id}/restore', { params: { id: asset.id } })}
      >
        {asset.state === 'ready' && (
          <Menu.Item
            leftSection={<IconPlaylistAdd size={18} />}
            onClick={() => setMaking(true)}
            disabled={!may}
          >
            {t('library.makeProgramme')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconPencil size={18} />} onClick={() => setRenaming(true)} disabled={!may}>
          {t('action.rename')}
        </Menu.Item>
      </RowMenu>
      {making && <ProgrammeForm asset={asset.id} title={asset.title} close={() => setMaking(false)} />}
      {renaming && <Rename asset={asset} close={() => setRenaming(false)} />}
    </>
  );
}
