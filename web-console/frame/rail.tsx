import { IconHelpCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { places } from './places.ts';
import { useWaiting, WaitingBadge } from './waiting-count.tsx';

export function Rail() {
  const { t } = useTranslation();
  const { site } = useSession();
  const waiting = useWaiting();
  return (
    <aside className="rail">
      <div className="brand">
        <img src="/icon.svg" width={32} height={32} alt="" />
        <div>
          <div className="brand-name">{t('frame.product')}</div>
          <div className="brand-site">{site.name}</div>
        </div>
      </div>
      <nav aria-label={t('frame.nav')}>
        {places.map(({ name, to, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className="rail-link"
            activeOptions={{ exact: to === '/', includeSearch: false }}
          >
            <Icon size={20} stroke={1.7} aria-hidden />
            {t(`nav.${name}`)}
            {name === 'inbox' && <WaitingBadge count={waiting} />}
          </Link>
        ))}
      </nav>
      <Link to="/guide" className="rail-link rail-last">
        <IconHelpCircle size={20} stroke={1.7} aria-hidden />
        {t('nav.guide')}
      </Link>
    </aside>
  );
}
