import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconHelpCircle, IconKey, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useSignOut } from '../api/session.ts';
import { choose, type Language } from '../words/i18n.ts';

const PasswordDialog = lazy(async () => ({
  default: (await import('../pages/entry/password-dialog.tsx')).PasswordDialog,
}));

/** Who is here, the language, light or dark, and the way out. */
export function PersonMenu() {
  const { t, i18n } = useTranslation();
  const { user, site } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={260} shadow="md">
        <Menu.Target>
          <UnstyledButton className="person" aria-label={t('person.menu', { name: user.name })}>
            <IconUserCircle size={24} stroke={1.6} aria-hidden />
            <span className="person-name">{user.name}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {user.username} · {t(`role.${user.role}`)}
          </Menu.Label>
          <div className="menu-choice">
            <SegmentedControl
              fullWidth
              aria-label={t('person.language')}
              value={i18n.language}
              onChange={(value) => void choose(value as Language)}
              data={[
                { value: 'vi', label: 'Tiếng Việt' },
                { value: 'en', label: 'English' },
              ]}
            />
            <SegmentedControl
              fullWidth
              aria-label={t('person.scheme')}
              value={colorScheme}
              onChange={setColorScheme}
              data={(['auto', 'light', 'dark'] as const).map((value) => ({
                value,
                label: t(`person.${value}`),
              }))}
            />
          </div>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconHelpCircle size={18} />}
            renderRoot={(props) => <Link to="/guide" {...props} />}
          >
            {t('nav.guide')}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={18} />} onClick={() => setChanging(true)}>
            {t('person.password')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => void signOut()}>
            {t('person.signOut')}
          </Menu.Item>
          <Menu.Label>{t('frame.version', { version: site.version })}</Menu.Label>
        </Menu.Dropdown>
      </Menu>
      {changing && (
        <Suspense>
          <PasswordDialog close={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}
