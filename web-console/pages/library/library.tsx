import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../parts/page-head.tsx';
import './library.css';
import { Playlists } from './playlists.tsx';
import { Programmes } from './programmes.tsx';
import { Sounds } from './sounds.tsx';
import { UploadButton, UploadField } from './upload.tsx';

const route = getRouteApi('/library');
const tabs = ['sounds', 'programmes', 'playlists'] as const;

/** From a file to something that can be scheduled: sounds, programmes made of them, playlists made of those. */
export function Library() {
  const { t } = useTranslation();
  const { tab = 'sounds' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <UploadField>
      <PageHead title={t('nav.library')} note={t('library.note')}>
        <UploadButton />
      </PageHead>
      <Tabs
        value={tab}
        onChange={(value) =>
          void navigate({ search: { tab: tabs.find((known) => known === value) ?? 'sounds' } })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`library.tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="sounds">
          <Sounds />
        </Tabs.Panel>
        <Tabs.Panel value="programmes">
          <Programmes />
        </Tabs.Panel>
        <Tabs.Panel value="playlists">
          <Playlists />
        </Tabs.Panel>
      </Tabs>
    </UploadField>
  );
}
