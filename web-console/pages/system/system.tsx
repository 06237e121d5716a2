import { Alert } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { CapForm } from './cap/cap.tsx';
import { EmergencyForm } from './emergency-form.tsx';
import { GuardsForm } from './guards.tsx';
import { SystemParts } from './parts.tsx';
import { ProvinceForm } from './province.tsx';
import { RelayForm } from './relay.tsx';
import { SpeechForm } from './speech.tsx';
import '../schedules/editor.css';
import './system.css';

const route = getRouteApi('/system');

const forms = {
  guards: GuardsForm,
  emergency: EmergencyForm,
  speech: SpeechForm,
  relay: RelayForm,
  cap: CapForm,
  province: ProvinceForm,
} as const;

/** What an administrator decides for the site; everybody else reads it. */
export function System() {
  const { t } = useTranslation();
  const may = useMay('administrator');
  const { part = 'guards' } = route.useSearch();
  const Form = forms[part];
  return (
    <>
      <PageHead title={t('nav.system')} note={t('system.note')} />
      <SystemParts current={part} />
      {!may && (
        <Alert variant="light" className="system-read">
          {t('system.readOnly')}
        </Alert>
      )}
      <Form key={part} />
    </>
  );
}
