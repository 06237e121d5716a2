import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

const OFFERED_MS = 8_000;

/** Says what was done, and offers to undo it. */
export function useOffer(): (said: string, undo: () => void) => void {
  const { t } = useTranslation();
  return (said, undo) => {
    const id = notifications.show({
      autoClose: OFFERED_MS,
      withCloseButton: true,
      closeButtonProps: { 'aria-label': t('action.close') },
      message: (
        <span className="undo">
          {said}
          <Button
            size="compact-md"
            variant="light"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {t('action.undo')}
          </Button>
        </span>
      ),
    });
  };
}
