import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Alerts } from './alerts.tsx';
import { Bulletins } from './bulletins.tsx';
import './inbox.css';
import { WAITS } from './signs.ts';

const route = getRouteApi('/inbox');
const TABS = ['bulletins', 'alerts'] as const;

/** What others send to be played: the province's bulletins, and alerts by CAP. */
export function Inbox() {
  const { t } = useTranslation();
  const { tab = 'bulletins' } = route.useSearch();
  const navigate = route.useNavigate();
  const bulletins = useQuery(ask('GET /bulletins', { query: { limit: 200 } }));
  const alerts = useQuery(ask('GET /alerts', { query: { limit: 200 } }));
  const waiting = {
    bulletins: bulletins.data?.items.filter(({ state }) => WAITS.includes(state)).length ?? 0,
    alerts: alerts.data?.items.filter(({ state }) => state === 'waiting').length ?? 0,
  };
  return (
    <>
      <PageHead title={t('nav.inbox')} note={t('inbox.note')} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          void navigate({
            search: value === 'alerts' ? { tab: 'alerts' } : {},
            replace: true,
          })
        }
      >
        <Tabs.List>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`inbox.tab.${name}`)}
              {waiting[name] > 0 && ` (${waiting[name]})`}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="bulletins" className="inbox-panel">
          <Bulletins bulletins={bulletins} />
        </Tabs.Panel>
        <Tabs.Panel value="alerts" className="inbox-panel">
          <Alerts alerts={alerts} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
