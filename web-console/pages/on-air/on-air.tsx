import { Switch, Tabs } from '@mantine/core';
import { IconAlignLeft, IconMicrophone, IconPlayerPlay, IconRadio } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { BroadcastDrawer } from './broadcast-drawer.tsx';
import { Microphone } from './microphone/microphone.tsx';
import './on-air.css';
import { OnAirLine } from './on-air-line.tsx';
import { OnAirNow } from './on-air-now.tsx';
import { PlayNow } from './play-now.tsx';
import { Recent } from './recent.tsx';
import { Relay } from './relay/relay.tsx';
import { SpeechNow } from './speech-now.tsx';
import { isLive } from './states.ts';
import { useStudioDark } from './studio-dark.ts';

const route = getRouteApi('/on-air');
const SHOWN = 30;
const TABS = [
  ['microphone', IconMicrophone],
  ['text', IconAlignLeft],
  ['relay', IconRadio],
  ['play', IconPlayerPlay],
] as const;

/** The studio: four ways to speak to the village, beside them what is on the air, below what was. */
export function OnAirPage() {
  const { t } = useTranslation();
  const { at, content, tab = content === undefined ? 'microphone' : 'play' } = route.useSearch();
  const navigate = route.useNavigate();
  const [dark, chooseDark] = useStudioDark();
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
      <PageHead title={t('nav.onAir')} note={<OnAirLine broadcasts={live} />}>
        <Switch
          size="md"
          label={t('studio.dark')}
          checked={dark}
          onChange={(event) => chooseDark(event.currentTarget.checked)}
        />
      </PageHead>
      <div className="studio">
        <section className="studio-desk" aria-label={t('studio.tabs')}>
          <Tabs
            value={tab}
            onChange={(value) => {
              const next = TABS.find(([name]) => name === value)?.[0];
              if (next !== undefined)
                void navigate({ search: (before) => ({ ...before, tab: next }), replace: true });
            }}
            keepMounted={false}
          >
            <Tabs.List grow className="studio-tabs" aria-label={t('studio.tabs')}>
              {TABS.map(([name, Icon]) => (
                <Tabs.Tab key={name} value={name} leftSection={<Icon size={20} aria-hidden />}>
                  {t(`studio.tab.${name}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="microphone">
              <Microphone />
            </Tabs.Panel>
            <Tabs.Panel value="text">
              <SpeechNow />
            </Tabs.Panel>
            <Tabs.Panel value="relay">
              <Relay />
            </Tabs.Panel>
            <Tabs.Panel value="play">
              <PlayNow {...(content === undefined ? {} : { content })} />
            </Tabs.Panel>
          </Tabs>
        </section>
        <OnAirNow broadcasts={live} />
        <div className="studio-recent">
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
