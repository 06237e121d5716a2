import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Bulletin } from '#controller/http/contract/bulletins';
import type { Answer } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Shape } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { BulletinCard } from './bulletin-card.tsx';
import { BulletinDrawer } from './bulletin-drawer.tsx';
import { LevelBadge } from './level-badge.tsx';
import { bulletinSigns, byUrgency, WAITS } from './signs.ts';

const route = getRouteApi('/inbox');

/** First what waits for a decision, each with the next step; then what was decided. */
export function Bulletins({ bulletins }: { bulletins: UseQueryResult<Answer<'GET /bulletins'>> }) {
  const { t } = useTranslation();
  const { at } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (id: string | undefined) =>
    void navigate({ search: id === undefined ? {} : { at: id }, replace: true });
  return (
    <Answered of={bulletins} rows={4} height={110}>
      {({ items }) => {
        const waiting = items.filter(({ state }) => WAITS.includes(state)).sort(byUrgency);
        const settled = items.filter(({ state }) => !WAITS.includes(state));
        return (
          <div className="inbox">
            <section className="inbox-waiting" aria-label={t('inbox.waiting')} aria-live="polite">
              {waiting.length === 0 ? (
                <div className="section section-boxed">
                  <Empty text={t(items.length === 0 ? 'bulletins.none' : 'bulletins.nothingWaits')} />
                </div>
              ) : (
                waiting.map((bulletin) => (
                  <BulletinCard key={bulletin.id} bulletin={bulletin} open={() => open(bulletin.id)} />
                ))
              )}
            </section>
            {settled.length > 0 && (
              <Section title={t('bulletins.settled')}>
                <ul className="inbox-rows">
                  {settled.map((bulletin) => (
                    <Row key={bulletin.id} bulletin={bulletin} open={() => open(bulletin.id)} />
                  ))}
                </ul>
              </Section>
            )}
            <BulletinDrawer id={at ?? null} close={() => open(undefined)} />
          </div>
        );
      }}
    </Answered>
  );
}

function Row({ bulletin, open }: { bulletin: Bulletin; open: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { title, level, state, sender, updatedAt } = bulletin;
  return (
    <li>
      <button type="button" className="inbox-row" onClick={open}>
        <span className="inbox-what">
          <span className="inbox-title">{title}</span>
          <span className="dim">{sender}</span>
        </span>
        <LevelBadge level={level} />
        <span className="inbox-state">
          <span className="mark" data-tone={bulletinSigns[state].tone}>
            <Shape {...bulletinSigns[state]} />
            {t(`bulletinState.${state}`)}
          </span>
          {bulletin.reason !== null && <span className="dim">{reason(bulletin.reason)}</span>}
        </span>
        <span className="inbox-when num dim">{format.moment(updatedAt)}</span>
      </button>
    </li>
  );
}
