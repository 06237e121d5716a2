import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useProblemText } from '../../parts/problem.tsx';

const LEAST = 12;

/** The current password once and the new one twice; what is wrong is said before it is sent. */
export function PasswordForm({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const textOf = useProblemText();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: () =>
      api('POST /session/password', { body: { currentPassword: current, newPassword: next } }),
    onSuccess: (session) => {
      client.setQueryData(ask('GET /session').queryKey, session);
      done();
    },
  });
  const short = next.length < LEAST;
  const same = next === current && next !== '';
  const differs = next !== again;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short && !same && !differs) change.mutate();
  };
  const field = (value: string, set: (value: string) => void) => ({
    size: 'md',
    value,
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
    required: true,
    withAsterisk: false,
    visibilityToggleButtonProps: { 'aria-label': t('signIn.show'), tabIndex: 0 },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div role="alert">
          {change.isError && (
            <Alert color="red" variant="light">
              {textOf(change.error)}
            </Alert>
          )}
        </div>
        <PasswordInput
          label={t('password.current')}
          autoComplete="current-password"
          {...field(current, setCurrent)}
        />
        <PasswordInput
          label={t('password.next')}
          description={t('password.rule', { count: LEAST })}
          autoComplete="new-password"
          error={
            tried &&
            (short ? t('password.short', { count: LEAST - next.length }) : same && t('password.same'))
          }
          {...field(next, setNext)}
        />
        <PasswordInput
          label={t('password.again')}
          autoComplete="new-password"
          error={tried && differs && t('password.differs')}
          {...field(again, setAgain)}
        />
        <Button type="submit" size="md" loading={change.isPending}>
          {t('password.save')}
        </Button>
      </Stack>
    </form>
  );
}
