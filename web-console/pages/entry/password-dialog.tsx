import { Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { PasswordForm } from './password-form.tsx';

export function PasswordDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={close}
      title={t('person.password')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <PasswordForm
        done={() => {
          close();
          notifications.show({ message: t('password.changed'), color: 'green' });
        }}
      />
    </Modal>
  );
}
