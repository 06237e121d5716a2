import { Switch, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CapPolicy } from '#controller/http/contract/policies';
import { ask } from '../../../api/ask.ts';
import { api } from '../../../api/client.ts';
import { isWebAddress } from '../addresses.ts';
import { PolicyForm } from '../policy-form.tsx';
import { SecretField } from '../secret-field.tsx';
import './cap.css';
import { Feeds } from './feeds.tsx';
import { Geocodes } from './geocodes.tsx';
import { Levels } from './levels.tsx';
import { Senders } from './senders.tsx';

/** Whose alerts are heard here, and what becomes of them. */
export function CapForm() {
  const { t } = useTranslation();
  const policy = useQuery(ask('GET /policies/cap'));
  const lacks = ({ senders, feeds, geocodes, languages }: CapPolicy): string | null => {
    if (senders.some(({ sender }) => sender.trim() === '')) return t('capPolicy.senderMissing');
    if (senders.some(({ certificate }) => certificate !== null && !certificate.includes('BEGIN CERTIFICATE')))
      return t('capPolicy.certificateWrong');
    if (feeds.some(({ url }) => !isWebAddress(url))) return t('capPolicy.feedWrong');
    if (geocodes.some(({ valueName, value }) => valueName.trim() === '' || value.trim() === ''))
      return t('capPolicy.geocodeMissing');
    return languages.length === 0 ? t('capPolicy.languageMissing') : null;
  };
  return (
    <PolicyForm
      name="cap"
      title={t('system.part.cap')}
      means={t('capPolicy.means')}
      of={policy}
      write={(body) => api('PUT /policies/cap', { body })}
      lacks={lacks}
    >
      {({ value, put, disabled }) => (
        <>
          <Senders senders={value.senders} change={(senders) => put({ senders })} disabled={disabled} />
          <SecretField name="cap-token" label={t('capPolicy.token')} hint={t('capPolicy.tokenHint')} makes />
          <Feeds feeds={value.feeds} change={(feeds) => put({ feeds })} disabled={disabled} />
          <Levels levels={value.levels} change={(levels) => put({ levels })} disabled={disabled} />
          <Geocodes geocodes={value.geocodes} change={(geocodes) => put({ geocodes })} disabled={disabled} />
          <TagsInput
            label={t('capPolicy.languages')}
            description={t('capPolicy.languagesHint')}
            value={value.languages}
            onChange={(languages) => put({ languages })}
            maxTags={8}
            disabled={disabled}
            className="policy-narrow"
          />
          <Switch
            size="md"
            label={t('capPolicy.drill')}
            description={t('capPolicy.drillHint')}
            checked={value.drill}
            disabled={disabled}
            onChange={(event) => put({ drill: event.currentTarget.checked })}
          />
        </>
      )}
    </PolicyForm>
  );
}
