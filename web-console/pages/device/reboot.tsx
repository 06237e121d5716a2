import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Restarting cuts off what plays: it is asked for twice. */
export function Reboot({ name, act, close }: { name: string; act: () => void; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={close}
      title={t('device.reboot')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="sure">
        <p>{t('device.rebootSure', { name })}</p>
        <Button
          color="red"
          fullWidth
          data-autofocus
          onClick={() => {
            act();
            close();
          }}
        >
          {t('device.reboot')}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('action.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
