import { Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { PolicyForm } from './policy-form.tsx';
import { SecretField } from './secret-field.tsx';

/** How the province's bulletins come in. */
export function ProvinceForm() {
  const { t } = useTranslation();
  const policy = useQuery(ask('GET /policies/province'));
  return (
    <PolicyForm
      name="province"
      title={t('system.part.province')}
      means={t('provincePolicy.means')}
      of={policy}
      write={(body) => api('PUT /policies/province', { body })}
      lacks={({ enabled, sender }) =>
        enabled && sender.trim() === '' ? t('provincePolicy.senderMissing') : null
      }
    >
      {({ value, put, disabled, tried }) => (
        <>
          <Switch
            size="md"
            label={t('provincePolicy.enabled')}
            checked={value.enabled}
            disabled={disabled}
            onChange={(event) => put({ enabled: event.currentTarget.checked })}
          />
          <TextInput
            label={t('provincePolicy.sender')}
            description={t('provincePolicy.senderHint')}
            value={value.sender}
            onChange={(event) => put({ sender: event.currentTarget.value })}
            error={tried && value.enabled && value.sender.trim() === '' && t('provincePolicy.senderMissing')}
            maxLength={200}
            className="policy-narrow"
          />
          <SecretField
            name="province-hmac"
            label={t('provincePolicy.secret')}
            hint={t('provincePolicy.secretHint')}
            makes
          />
        </>
      )}
    </PolicyForm>
  );
}
