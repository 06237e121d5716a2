import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemText } from './problem.tsx';

/** How long an undoing is offered. */
const OFFERED_MS = 12_000;

/**
 * Removing is done at once and undone with one tap; nobody is asked twice.
 * @returns a function that removes, says so, and offers to restore.
 */
export function useRemoval(): (removal: {
  said: string;
  remove: () => Promise<unknown>;
  restore: () => Promise<unknown>;
  after?: () => void;
}) => void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const textOf = useProblemText();
  const fail = (error: unknown) =>
    notifications.show({ message: textOf(error), color: 'red', autoClose: 8_000 });
  const removal = useMutation({
    mutationFn: async (asked: Parameters<ReturnType<typeof useRemoval>>[0]) => {
      await asked.remove();
      return asked;
    },
    onError: fail,
    onSuccess: (asked) => {
      asked.after?.();
      void client.invalidateQueries();
      const id = notifications.show({
        autoClose: OFFERED_MS,
        withCloseButton: true,
        closeButtonProps: { 'aria-label': t('action.close') },
        message: (
          <span className="undo">
            {asked.said}
            <Button
              size="compact-md"
              variant="light"
              onClick={() => {
                notifications.hide(id);
                asked.restore().then(() => client.invalidateQueries(), fail);
              }}
            >
              {t('action.undo')}
            </Button>
          </span>
        ),
      });
    },
  });
  return (asked) => removal.mutate(asked);
}

/** Says in passing that something was done, or why not. */
export function useSay(): { done: (text: string) => void; failed: (error: unknown) => void } {
  const textOf = useProblemText();
  return {
    done: (message) => void notifications.show({ message, color: 'green' }),
    failed: (error) => void notifications.show({ message: textOf(error), color: 'red', autoClose: 8_000 }),
  };
}
