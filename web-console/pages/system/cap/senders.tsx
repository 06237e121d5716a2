import { Button, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CapPolicy } from '#controller/http/contract/policies';

type List = CapPolicy['senders'];

/** Whose alerts are taken at all, whether they play at once, and by which certificate they are told. */
export function Senders({
  senders,
  change,
  disabled,
}: {
  senders: List;
  change: (senders: List) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const put = (place: number, next: Partial<List[number]>) =>
    change(senders.map((sender, index) => (index === place ? { ...sender, ...next } : sender)));
  return (
    <div className="policy-block">
      <h3>{t('capPolicy.senders')}</h3>
      <p className="hint">{t(senders.length === 0 ? 'capPolicy.nobody' : 'capPolicy.sendersHint')}</p>
      {senders.map(({ sender, name, policy, certificate }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its name is being typed
        <div key={index} className="policy-item">
          <div className="cap-pair">
            <TextInput
              label={t('capPolicy.sender')}
              description={t('capPolicy.senderHint')}
              value={sender}
              onChange={(event) => put(index, { sender: event.currentTarget.value })}
              error={sender.trim() === '' && t('capPolicy.senderMissing')}
              maxLength={200}
            />
            <TextInput
              label={t('capPolicy.name')}
              description={t('capPolicy.nameHint')}
              value={name}
              onChange={(event) => put(index, { name: event.currentTarget.value })}
              maxLength={200}
            />
          </div>
          <div className="policy-choices">
            <span className="policy-label" id={`cap-policy-${index}`}>
              {t('capPolicy.becomes')}
            </span>
            <SegmentedControl
              aria-labelledby={`cap-policy-${index}`}
              value={policy}
              disabled={disabled}
              onChange={(value) => put(index, { policy: value === 'play' ? 'play' : 'wait' })}
              data={(['wait', 'play'] as const).map((value) => ({
                value,
                label: t(`capPolicy.policy.${value}`),
              }))}
            />
            <p className="hint">{t(`capPolicy.policyHint.${policy}`)}</p>
          </div>
          <Textarea
            label={t('capPolicy.certificate')}
            description={t(certificate === null ? 'capPolicy.noCertificate' : 'capPolicy.withCertificate')}
            placeholder="-----BEGIN CERTIFICATE-----"
            autosize
            minRows={2}
            maxRows={6}
            value={certificate ?? ''}
            onChange={(event) =>
              put(index, {
                certificate: event.currentTarget.value.trim() === '' ? null : event.currentTarget.value,
              })
            }
            error={
              certificate !== null &&
              !certificate.includes('BEGIN CERTIFICATE') &&
              t('capPolicy.certificateWrong')
            }
            maxLength={20_000}
            classNames={{ input: 'mono' }}
          />
          <div>
            <Button
              variant="subtle"
              color="gray"
              disabled={disabled}
              aria-label={t('capPolicy.takeSender', { name: name === '' ? sender : name })}
              onClick={() => change(senders.filter((_, place) => place !== index))}
            >
              {t('action.delete')}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || senders.length >= 100}
          onClick={() => change([...senders, { sender: '', name: '', policy: 'wait', certificate: null }])}
        >
          {t('capPolicy.addSender')}
        </Button>
      </div>
    </div>
  );
}
