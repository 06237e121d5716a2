import { TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { RelayPolicy } from '#controller/http/contract/policies';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { isHost } from './addresses.ts';
import { PolicyForm } from './policy-form.tsx';

/** Which addresses of the internet the controller may open to relay them. */
export function RelayForm() {
  const { t } = useTranslation();
  const policy = useQuery(ask('GET /policies/relay'));
  const wrongIn = (hosts: readonly string[]): string | null => {
    const wrong = hosts.find((host) => !isHost(host));
    return wrong === undefined ? null : t('relayPolicy.wrong', { host: wrong });
  };
  const lacks = ({ hosts, privateHosts }: RelayPolicy) => wrongIn(hosts) ?? wrongIn(privateHosts);
  return (
    <PolicyForm
      name="relay"
      title={t('system.part.relay')}
      means={t('relayPolicy.means')}
      of={policy}
      write={(body) => api('PUT /policies/relay', { body })}
      lacks={lacks}
    >
      {({ value, put, disabled }) => (
        <>
          <TagsInput
            label={t('relayPolicy.hosts')}
            description={t('relayPolicy.hostsHint')}
            placeholder={value.hosts.length === 0 ? 'stream.vov.vn' : ''}
            value={value.hosts}
            onChange={(hosts) => put({ hosts: hosts.map((host) => host.trim().toLowerCase()) })}
            maxTags={200}
            acceptValueOnBlur
            disabled={disabled}
            error={wrongIn(value.hosts)}
          />
          <TagsInput
            label={t('relayPolicy.privateHosts')}
            description={t('relayPolicy.privateHint')}
            value={value.privateHosts}
            onChange={(hosts) => put({ privateHosts: hosts.map((host) => host.trim().toLowerCase()) })}
            maxTags={50}
            acceptValueOnBlur
            disabled={disabled}
            error={wrongIn(value.privateHosts)}
          />
        </>
      )}
    </PolicyForm>
  );
}
