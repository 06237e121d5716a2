import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { places } from './places.ts';
import { StopAll } from './stop-all.tsx';

export function BottomBar() {
  const { t } = useTranslation();
  return (
    <div className="bottom-bar">
      <nav aria-label={t('frame.nav')}>
        {places.map(({ name, to, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className="bottom-link"
            activeOptions={{ exact: to === '/', includeSearch: false }}
          >
            <Icon size={22} stroke={1.7} aria-hidden />
            <span>{t(`nav.${name}Short`)}</span>
          </Link>
        ))}
      </nav>
      <StopAll className="bottom-stop" />
    </div>
  );
}
