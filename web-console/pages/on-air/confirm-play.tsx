import { Button, Modal } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import type { Draft } from './draft.ts';
import { type Reach, targetOf } from './reach.ts';

/** Says what will be heard where, and how many devices that are, before it is. */
export function ConfirmPlay({
  draft,
  title,
  reach,
  close,
  done,
}: {
  draft: Draft & { content: string };
  title: string;
  reach: Reach;
  close: () => void;
  done: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const say = useSay();
  const areas = useQuery(ask('GET /areas')).data ?? [];
  const groups = useQuery(ask('GET /groups')).data ?? [];
  const names = draft.targets.map(targetOf).map(({ kind, id }) => {
    if (kind === 'all') return t('schedules.all');
    const among = kind === 'area' ? areas : kind === 'group' ? groups : reach.devices;
    return among.find((one) => one.id === id)?.name ?? id;
  });
  const [kind, id = ''] = draft.content.split(':');
  const play = useMutation({
    mutationFn: () =>
      api('POST /broadcasts', {
        body: {
          content: { kind: kind === 'playlist' ? 'playlist' : 'programme', id },
          targets: draft.targets.map(targetOf),
          priority: draft.priority,
          volume: draft.oneVolume ? draft.volume : null,
        },
      }),
    onSuccess: async () => {
      done();
      window.scrollTo({ top: 0 });
      await client.invalidateQueries({ queryKey: ['GET /broadcasts'] });
    },
    onError: say.failed,
  });
  const count = reach.devices.length;
  return (
    <Modal
      opened
      onClose={close}
      title={t('onAir.confirmTitle')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="confirm">
        <p className="confirm-what">{title}</p>
        <dl className="facts">
          <dt>{t('onAir.where')}</dt>
          <dd>{names.join(' · ')}</dd>
          <dt>{t('onAir.on')}</dt>
          <dd>
            {t('count.devices', { count })}
            {reach.connected < count && (
              <span className="confirm-warn">
                {' '}
                {t('onAir.unconnected', { count: count - reach.connected })}
              </span>
            )}
          </dd>
          <dt>{t('schedules.priority')}</dt>
          <dd>
            {t(`priority.${draft.priority}`)}
            <span className="dim"> · {t(`onAir.means.${draft.priority}`)}</span>
          </dd>
          <dt>{t('onAir.volume')}</dt>
          <dd>{draft.oneVolume ? `${format.number(draft.volume)} %` : t('onAir.ownVolume')}</dd>
        </dl>
        <Button
          size="lg"
          fullWidth
          data-autofocus
          {...(draft.priority === 'emergency' ? { color: 'red' } : {})}
          leftSection={<IconBroadcast size={22} />}
          loading={play.isPending}
          onClick={() => play.mutate()}
        >
          {t('onAir.confirm', { count })}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('action.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
