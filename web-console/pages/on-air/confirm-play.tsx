import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Reach } from '#controller/http/contract/broadcasts';
import { api } from '../../api/client.ts';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import { Confirm } from './confirm.tsx';
import type { Draft } from './draft.ts';
import { targetOf, useNames } from './reach.ts';
import { showOnAir } from './show-on-air.ts';

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
  const names = useNames(draft.targets);
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
      await client.invalidateQueries({ queryKey: ['GET /broadcasts'] });
      showOnAir();
    },
    onError: say.failed,
  });
  const count = reach.devices;
  return (
    <Confirm
      title={t('onAir.confirmTitle')}
      what={title}
      facts={[
        [t('onAir.where'), names],
        [
          t('onAir.on'),
          <>
            {t('count.devices', { count })}
            {reach.connected < count && (
              <span className="confirm-warn">
                {' '}
                {t('onAir.unconnected', { count: count - reach.connected })}
              </span>
            )}
          </>,
        ],
        [
          t('schedules.priority'),
          <>
            {t(`priority.${draft.priority}`)}
            <span className="dim"> · {t(`onAir.means.${draft.priority}`)}</span>
          </>,
        ],
        [t('onAir.volume'), draft.oneVolume ? `${format.number(draft.volume)} %` : t('onAir.ownVolume')],
      ]}
      label={t('onAir.confirm', { count })}
      red={draft.priority === 'emergency'}
      busy={play.isPending}
      act={() => play.mutate()}
      close={close}
    />
  );
}
