import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { places } from './places.ts';

/** The tab says which page it is, for who has several open and for who hears the screen. */
export function useTitle(): void {
  const { t, i18n } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { name } = useSession().site;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the title is told anew in another language
  useEffect(() => {
    const place = places.find(({ to }) => (to === '/' ? path === '/' : path.startsWith(to)));
    const title = path.startsWith('/emergency') ? t('nav.emergency') : place && t(`nav.${place.name}`);
    document.title = title === undefined ? name : `${title} · ${name}`;
  }, [path, name, t, i18n.language]);
}
