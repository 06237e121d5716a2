import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rollout } from '#controller/http/contract/firmware';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Sure } from '../../parts/sure.tsx';
import { useSay } from '../../parts/undo.tsx';

type Deed = 'halt' | 'resume' | 'cancel';

/** What a person can do about a rollout that is not over. */
export function RolloutActions({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const may = useMay('technician');
  const client = useQueryClient();
  const say = useSay();
  const [cancelling, setCancelling] = useState(false);
  const act = useMutation({
    mutationFn: (deed: Deed) => api(`POST /rollouts/{id}/${deed}`, { params: { id: rollout.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['GET /rollouts/{id}'] }),
    onError: say.failed,
    onSettled: () => setCancelling(false),
  });
  const over = rollout.state === 'done' || rollout.state === 'cancelled';
  if (over || !may) return null;
  return (
    <>
      {rollout.state === 'running' ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={18} />}
          loading={act.isPending}
          onClick={() => act.mutate('halt')}
        >
          {t('firmware.halt')}
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={18} />}
          loading={act.isPending}
          onClick={() => act.mutate('resume')}
        >
          {t('firmware.resume')}
        </Button>
      )}
      <Button
        variant="default"
        color="red"
        leftSection={<IconX size={18} />}
        onClick={() => setCancelling(true)}
      >
        {t('firmware.cancel')}
      </Button>
      {cancelling && (
        <Sure
          title={t('firmware.cancel')}
          text={t('firmware.cancelSure')}
          no={t('firmware.no')}
          busy={act.isPending}
          act={() => act.mutate('cancel')}
          close={() => setCancelling(false)}
        />
      )}
    </>
  );
}
