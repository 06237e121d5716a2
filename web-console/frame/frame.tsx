import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CallBanner } from '../pages/on-air/microphone/call-banner.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { IncidentStrips } from './incident-strip.tsx';
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
        <IncidentStrips />
        <LinkBanner />
        <CallBanner />
        <main id="content" className="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <BottomBar />
    </div>
  );
}
