import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** What cannot be undone is asked for twice. */
export function Sure({
  title,
  text,
  busy,
  act,
  close,
}: {
  title: string;
  text: string;
  busy: boolean;
  act: () => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="firmware-sure">
        <p>{text}</p>
        <Button color="red" fullWidth data-autofocus loading={busy} onClick={act}>
          {title}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('firmware.no')}
        </Button>
      </div>
    </Modal>
  );
}
