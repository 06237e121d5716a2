import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** What cannot be undone is asked for twice. */
export function Sure({
  title,
  text,
  no,
  busy = false,
  act,
  close,
}: {
  title: string;
  text: string;
  /** What the button says that does nothing. */
  no: string;
  busy?: boolean;
  act: () => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="sure">
        <p>{text}</p>
        <Button color="red" fullWidth data-autofocus loading={busy} onClick={act}>
          {title}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {no}
        </Button>
      </div>
    </Modal>
  );
}
