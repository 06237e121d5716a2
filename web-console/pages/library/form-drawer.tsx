import { Alert, Button, Drawer, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../parts/problem.tsx';

/** A form that opens at the side of the library; `saving` is how its last saving went. */
export function FormDrawer({
  heading,
  close,
  submit,
  saving,
  children,
}: {
  heading: string;
  close: () => void;
  submit: () => void;
  saving: { isPending: boolean; isError: boolean; error: unknown };
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const submitted = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  return (
    <Drawer
      opened
      onClose={close}
      size="lg"
      title={heading}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submitted} noValidate>
        <Stack>
          <div role="alert">
            {saving.isError && (
              <Alert color="red" variant="light">
                {textOf(saving.error)}
              </Alert>
            )}
          </div>
          {children}
          <Button type="submit" loading={saving.isPending}>
            {t('action.save')}
          </Button>
        </Stack>
      </form>
    </Drawer>
  );
}
