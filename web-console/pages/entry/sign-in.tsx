import { Alert, Button, PasswordInput, SegmentedControl, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../../api/problem.ts';
import { signIn } from '../../api/session.ts';
import { useProblemText } from '../../parts/problem.tsx';
import { choose, type Language } from '../../words/i18n.ts';

export function SignIn() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const textOf = useProblemText();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    meta: { signingIn: true },
    mutationFn: () => signIn(username.trim(), password),
    onSuccess: () => client.resetQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  const wrong =
    attempt.error instanceof ProblemError && [400, 401, 403, 422].includes(attempt.error.problem.status);
  return (
    <main className="alone">
      <form className="entry" onSubmit={submit}>
        <Stack gap="md">
          <img src="/icon.svg" width={48} height={48} alt="" />
          <Title order={1}>{t('signIn.title')}</Title>
          <div role="alert">
            {attempt.isError && (
              <Alert color="red" variant="light">
                {wrong ? t('signIn.wrong') : textOf(attempt.error)}
              </Alert>
            )}
          </div>
          <TextInput
            label={t('signIn.username')}
            size="md"
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label={t('signIn.password')}
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }}
            required
            withAsterisk={false}
          />
          <Button type="submit" size="md" loading={attempt.isPending}>
            {t('signIn.enter')}
          </Button>
          <p className="hint">{t('signIn.first')}</p>
          <SegmentedControl
            aria-label={t('person.language')}
            value={i18n.language}
            onChange={(value) => void choose(value as Language)}
            data={[
              { value: 'vi', label: 'Tiếng Việt' },
              { value: 'en', label: 'English' },
            ]}
          />
        </Stack>
      </form>
    </main>
  );
}
