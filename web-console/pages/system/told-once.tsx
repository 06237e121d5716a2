import { Alert, Button, CopyButton, Modal, Stack } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#controller/http/contract/people';

export interface Told {
  readonly person: Person;
  readonly password: string;
}

/** A password that nobody can look up afterwards: it goes to its owner now, and is changed at the first sign-in. */
export function ToldOnce({ told: { person, password }, close }: { told: Told; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={false}
      title={t('people.toldTitle', { name: person.name })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <dl className="told-once">
          <dt>{t('people.username')}</dt>
          <dd>{person.username}</dd>
          <dt>{t('people.password')}</dt>
          <dd>
            <output>{password}</output>
          </dd>
        </dl>
        <Alert variant="light" color="yellow">
          {t('people.toldOnce')}
        </Alert>
        <CopyButton value={password}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
              onClick={copy}
            >
              <span aria-live="polite">{t(copied ? 'people.copied' : 'people.copy')}</span>
            </Button>
          )}
        </CopyButton>
        <Button onClick={close}>{t('people.toldDone')}</Button>
      </Stack>
    </Modal>
  );
}
