import { Drawer } from '@mantine/core';
import { IconHelpCircle, IconMenu2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { further } from './places.ts';
import { useWaiting, WaitingBadge } from './waiting-count.tsx';

/** The places that have no room under the thumb, as a sheet that comes up to it. */
export function MorePlaces() {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const waiting = useWaiting();
  const close = () => setOpened(false);
  return (
    <>
      <button
        type="button"
        className="bottom-link"
        aria-haspopup="dialog"
        aria-expanded={opened}
        onClick={() => setOpened(true)}
      >
        <span className="bottom-icon">
          <IconMenu2 size={22} stroke={1.7} aria-hidden />
          <WaitingBadge count={waiting} />
        </span>
        <span>{t('nav.more')}</span>
      </button>
      <Drawer
        opened={opened}
        onClose={close}
        position="bottom"
        size={280}
        title={t('nav.more')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <nav className="more-places" aria-label={t('nav.more')}>
          {further.map(({ name, to, icon: Icon }) => (
            <Link key={to} to={to} className="more-place" onClick={close}>
              <Icon size={22} stroke={1.7} aria-hidden />
              {t(`nav.${name}`)}
              {name === 'inbox' && <WaitingBadge count={waiting} />}
            </Link>
          ))}
          <Link to="/guide" className="more-place" onClick={close}>
            <IconHelpCircle size={22} stroke={1.7} aria-hidden />
            {t('nav.guide')}
          </Link>
        </nav>
      </Drawer>
    </>
  );
}
