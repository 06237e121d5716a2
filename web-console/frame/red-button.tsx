import { IconUrgent } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMayAlarm } from '../api/session.ts';
import './red-button.css';

/** The way to the alarm, always in reach; nothing sounds by pressing it. */
export function RedButton({ className }: { className: string }) {
  const { t } = useTranslation();
  if (!useMayAlarm()) return null;
  return (
    <Link to="/emergency" className={className}>
      <IconUrgent size={22} stroke={1.8} aria-hidden />
      <span>{t('nav.emergency')}</span>
    </Link>
  );
}
