import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { MorePlaces } from './more-places.tsx';
import { atHand } from './places.ts';
import { RedButton } from './red-button.tsx';
import { StopAll } from './stop-all.tsx';

export function BottomBar() {
  const { t } = useTranslation();
  return (
    <div className="bottom-bar">
      <nav aria-label={t('frame.nav')}>
        {atHand.map(({ name, to, icon: Icon }) => (
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
        <MorePlaces />
      </nav>
      <RedButton className="bottom-alarm" />
      <StopAll className="bottom-stop" />
    </div>
  );
}
