import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { BroadcastDrawer } from './broadcast-drawer.tsx';
import { LiveBroadcast } from './live-broadcast.tsx';
import './on-air.css';
import { PlayNow } from './play-now.tsx';
import { Recent } from './recent.tsx';
import { isLive } from './states.ts';

const route = getRouteApi('/on-air');
const SHOWN = 30;

/** What goes out by hand: what is going on first, then the next one, then what was. */
export function OnAirPage() {
  const { t } = useTranslation();
  const { at, content } = route.useSearch();
  const navigate = route.useNavigate();
  const broadcasts = useQuery({
    ...ask('GET /broadcasts', { query: { limit: SHOWN } }),
    placeholderData: keepPreviousData,
  });
  const open = (id: string | undefined) =>
    void navigate({
      search: (before) => {
        const { at: _, ...rest } = before;
        return id === undefined ? rest : { ...rest, at: id };
      },
      replace: true,
    });
  const live = broadcasts.data?.items.filter(isLive) ?? [];
  return (
    <>
      <PageHead title={t('nav.onAir')} note={t('onAir.note')} />
      <div className="studio">
        <div className="studio-live" aria-live="polite">
          {live.map((broadcast) => (
            <LiveBroadcast key={broadcast.id} broadcast={broadcast} />
          ))}
        </div>
        <div className="studio-columns">
          <PlayNow {...(content === undefined ? {} : { content })} />
          <Section title={t('onAir.recent')}>
            <Answered of={broadcasts} rows={4} height={56}>
              {({ items }) => {
                const over = items.filter((broadcast) => !isLive(broadcast));
                return over.length === 0 ? (
                  <Empty text={t('onAir.noneYet')} />
                ) : (
                  <Recent broadcasts={over} open={open} />
                );
              }}
            </Answered>
          </Section>
        </div>
      </div>
      <BroadcastDrawer id={at ?? null} close={() => open(undefined)} />
    </>
  );
}
