import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PasswordForm } from './password-form.tsx';

/** At the first sign-in: the password that was printed is known to whoever saw the screen. */
export function NewPassword() {
  const { t } = useTranslation();
  return (
    <main className="alone">
      <div className="entry">
        <Title order={1}>{t('password.firstTitle')}</Title>
        <p className="hint">{t('password.firstWhy')}</p>
        <PasswordForm done={() => undefined} />
      </div>
    </main>
  );
}
