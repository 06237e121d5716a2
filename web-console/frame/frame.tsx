import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BottomBar } from './bottom-bar.tsx';
import { LinkBanner } from './link-banner.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { useTitle } from './use-title.ts';

/** The frame round every page: a rail on the desktop, a bar under the thumb on the phone. */
export function Frame() {
  const { t } = useTranslation();
  useTitle();
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t('frame.skip')}
      </a>
      <Rail />
      <div className="frame-main">
        <TopBar />
        <LinkBanner />
        <main id="content" className="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <BottomBar />
    </div>
  );
}
