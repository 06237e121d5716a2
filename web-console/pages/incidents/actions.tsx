import { Button } from '@mantine/core';
import { IconCircleCheck, IconMessagePlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { useMayAlarm } from '../../api/session.ts';
import { AllClear } from './all-clear.tsx';
import { UpdateForm } from './update-form.tsx';

/** What follows an alarm: more to say, or that it is over. */
export function IncidentActions({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const may = useMayAlarm();
  const [doing, setDoing] = useState<'update' | 'clear' | null>(null);
  const close = () => setDoing(null);
  return (
    <div className="incident-actions">
      <Button
        size="lg"
        leftSection={<IconCircleCheck size={22} />}
        disabled={!may}
        onClick={() => setDoing('clear')}
      >
        {t('allClear.open')}
      </Button>
      <Button
        size="lg"
        variant="default"
        leftSection={<IconMessagePlus size={22} />}
        disabled={!may}
        onClick={() => setDoing('update')}
      >
        {t('incidentUpdate.open')}
      </Button>
      {doing === 'update' && <UpdateForm incident={incident} close={close} />}
      {doing === 'clear' && <AllClear incident={incident} close={close} />}
    </div>
  );
}
