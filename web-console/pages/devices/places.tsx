import { Drawer, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Areas } from './areas.tsx';
import { Groups } from './groups.tsx';

/** Areas (where a device stands) and groups (any set of devices). */
export function Places({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={close}
      title={t('devices.places')}
      size="md"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Tabs defaultValue="areas">
        <Tabs.List mb="md">
          <Tabs.Tab value="areas">{t('areas.title')}</Tabs.Tab>
          <Tabs.Tab value="groups">{t('groups.title')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="areas">
          <Areas />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <Groups />
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}
