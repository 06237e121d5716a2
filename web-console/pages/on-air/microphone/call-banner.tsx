import { IconMicrophone } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useWatched } from '../../../live/store.ts';
import { type Call, callNow } from './call.ts';
import './call-banner.css';

/** On every other page: one's microphone is open, and this is the way back to it. */
export function CallBanner() {
  const call = useWatched(callNow, (value) => value);
  const away = useRouterState({ select: ({ location }) => location.pathname !== '/on-air' });
  return (
    <div role="status" aria-live="polite">
      {call !== null && away && <Open call={call} />}
    </div>
  );
}

function Open({ call }: { call: Call }) {
  const { t } = useTranslation();
  const { phase, downSince } = useWatched(call.state, (state) => state);
  if (phase === 'ended') return null;
  return (
    <Link to="/on-air" search={{ tab: 'microphone' }} className="call-banner">
      <IconMicrophone size={20} aria-hidden />
      <span>{t(downSince === null ? 'mic.banner' : 'mic.bannerDown')}</span>
      <strong>{t('studio.back')}</strong>
    </Link>
  );
}
