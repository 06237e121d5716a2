import { Button } from '@mantine/core';
import { IconCalendarPlus, IconCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bulletin } from '#controller/http/contract/bulletins';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useSay } from '../../parts/undo.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { ScheduleBulletin } from './schedule-bulletin.tsx';
import { WAITS } from './signs.ts';

/** What can be done with a bulletin as it stands. */
export function BulletinActions({ bulletin }: { bulletin: Bulletin }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('operator');
  const [doing, setDoing] = useState<'schedule' | 'refuse' | null>(null);
  const { id, state, title, incidentId, scheduleId } = bulletin;
  const params = { id };
  const fresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['GET /bulletins'] }),
      client.invalidateQueries({ queryKey: ['GET /bulletins/{id}'] }),
    ]);
  const accept = useMutation({
    mutationFn: () => api('POST /bulletins/{id}/accept', { params }),
    onSuccess: () => {
      setDoing('schedule');
      return fresh();
    },
    onError: say.failed,
  });
  const close = () => setDoing(null);
  return (
    <>
      {state === 'received' && (
        <Button
          leftSection={<IconCheck size={18} />}
          disabled={!may}
          loading={accept.isPending}
          onClick={() => accept.mutate()}
        >
          {t('bulletins.accept')}
        </Button>
      )}
      {(state === 'accepted' || state === 'choose') && (
        <Button
          leftSection={<IconCalendarPlus size={18} />}
          disabled={!may}
          onClick={() => setDoing('schedule')}
        >
          {t(state === 'choose' ? 'bulletins.choose' : 'bulletins.schedule')}
        </Button>
      )}
      {WAITS.includes(state) && (
        <Button
          variant="default"
          leftSection={<IconX size={18} />}
          disabled={!may}
          onClick={() => setDoing('refuse')}
        >
          {t('bulletins.refuse')}
        </Button>
      )}
      {incidentId !== null && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/incidents/$id" params={{ id: incidentId }} {...props} />}
        >
          {t('inbox.openIncident')}
        </Button>
      )}
      {scheduleId !== null && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/schedules/$id" params={{ id: scheduleId }} {...props} />}
        >
          {t('inbox.openSchedule')}
        </Button>
      )}
      {doing === 'schedule' && <ScheduleBulletin bulletin={bulletin} close={close} />}
      {doing === 'refuse' && (
        <ReasonDialog
          title={t('bulletins.refuseTitle', { title })}
          hint={t('bulletins.refuseHint')}
          go={t('bulletins.refuse')}
          act={(reason) => api('POST /bulletins/{id}/refuse', { params, body: { reason } })}
          done={fresh}
          close={close}
        />
      )}
    </>
  );
}
