import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#controller/http/contract/alerts';
import type { Answer } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Shape } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { AlertCard } from './alert-card.tsx';
import { AlertDrawer } from './alert-drawer.tsx';
import { LevelBadge } from './level-badge.tsx';
import { alertSigns } from './signs.ts';

const route = getRouteApi('/inbox');

/** Alerts by CAP: those that wait for a person, and what became of the others and why. */
export function Alerts({ alerts }: { alerts: UseQueryResult<Answer<'GET /alerts'>> }) {
  const { t } = useTranslation();
  const { at } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (id: string | undefined) =>
    void navigate({ search: { tab: 'alerts', ...(id === undefined ? {} : { at: id }) }, replace: true });
  return (
    <Answered of={alerts} rows={4} height={110}>
      {({ items }) => {
        const waiting = items.filter(({ state }) => state === 'waiting');
        const settled = items.filter(({ state }) => state !== 'waiting');
        return (
          <div className="inbox">
            <section className="inbox-waiting" aria-label={t('inbox.waiting')} aria-live="polite">
              {waiting.length === 0 ? (
                <div className="section section-boxed">
                  <Empty text={t(items.length === 0 ? 'alerts.none' : 'alerts.nothingWaits')} />
                </div>
              ) : (
                waiting.map((alert) => <AlertCard key={alert.id} alert={alert} open={() => open(alert.id)} />)
              )}
            </section>
            {settled.length > 0 && (
              <Section title={t('alerts.settled')}>
                <ul className="inbox-rows">
                  {settled.map((alert) => (
                    <Row key={alert.id} alert={alert} open={() => open(alert.id)} />
                  ))}
                </ul>
              </Section>
            )}
            <AlertDrawer id={at ?? null} close={() => open(undefined)} />
          </div>
        );
      }}
    </Answered>
  );
}

function Row({ alert, open }: { alert: Alert; open: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { headline, event, sender, state, level, receivedAt } = alert;
  return (
    <li>
      <button type="button" className="inbox-row" onClick={open}>
        <span className="inbox-what">
          <span className="inbox-title">{headline ?? event}</span>
          <span className="dim">{sender}</span>
        </span>
        <LevelBadge level={level} />
        <span className="inbox-state">
          <span className="mark" data-tone={alertSigns[state].tone}>
            <Shape {...alertSigns[state]} />
            {t(`alertState.${state}`)}
          </span>
          {alert.reason !== null && <span className="dim">{reason(alert.reason)}</span>}
        </span>
        <span className="inbox-when num dim">{format.moment(receivedAt)}</span>
      </button>
    </li>
  );
}
