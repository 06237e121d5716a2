import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../parts/empty.tsx';

export function Lost() {
  const { t } = useTranslation();
  return (
    <Empty text={t('state.lost')}>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>{t('state.home')}</Button>
    </Empty>
  );
}
