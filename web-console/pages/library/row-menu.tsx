import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { useRemoval } from '../../parts/undo.tsx';

/** What else can be done with a row: `children`, and last a deleting that can be undone. */
export function RowMenu({
  name,
  needed,
  remove,
  restore,
  children,
}: {
  name: string;
  /** Whether something needs it still, so that it cannot be deleted now. */
  needed: boolean;
  remove: () => Promise<unknown>;
  restore: () => Promise<unknown>;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const removal = useRemoval();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={44} aria-label={t('action.more', { name })}>
          <IconDots size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {children}
        <Menu.Item
          leftSection={<IconTrash size={18} />}
          color="red"
          onClick={() => removal({ said: t('library.removed', { name }), remove, restore })}
          disabled={!may || needed}
        >
          {t('action.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
