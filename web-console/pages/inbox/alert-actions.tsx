import { Button } from '@mantine/core';
import { IconUrgent, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#controller/http/contract/alerts';
import { api } from '../../api/client.ts';
import { useMayAlarm } from '../../api/session.ts';
import { useSay } from '../../parts/undo.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

/** A waiting alert becomes an incident that a person confirms, or is left with a reason. */
export function AlertActions({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const may = useMayAlarm();
  const [dismissing, setDismissing] = useState(false);
  const { id, state, incidentId } = alert;
  const params = { id };
  const fresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['GET /alerts'] }),
      client.invalidateQueries({ queryKey: ['GET /alerts/{id}'] }),
    ]);
  const accept = useMutation({
    mutationFn: () => api('POST /alerts/{id}/accept', { params }),
    onSuccess: async (incident) => {
      await fresh();
      await navigate({ to: '/incidents/$id', params: { id: incident.id } });
    },
    onError: say.failed,
  });
  return (
    <>
      {state === 'waiting' && (
        <>
          <Button
            color="red"
            leftSection={<IconUrgent size={18} />}
            disabled={!may}
            loading={accept.isPending}
            onClick={() => accept.mutate()}
          >
            {t('alerts.accept')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconX size={18} />}
            disabled={!may}
            onClick={() => setDismissing(true)}
          >
            {t('alerts.dismiss')}
          </Button>
        </>
      )}
      {incidentId !== null && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/incidents/$id" params={{ id: incidentId }} {...props} />}
        >
          {t('inbox.openIncident')}
        </Button>
      )}
      {dismissing && (
        <ReasonDialog
          title={t('alerts.dismissTitle')}
          hint={t('alerts.dismissHint')}
          go={t('alerts.dismiss')}
          act={(reason) => api('POST /alerts/{id}/dismiss', { params, body: { reason } })}
          done={fresh}
          close={() => setDismissing(false)}
        />
      )}
    </>
  );
}
