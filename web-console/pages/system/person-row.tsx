import { Button, Menu } from '@mantine/core';
import { IconDots, IconKey, IconLock, IconLockOpen, IconPencil } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#controller/http/contract/people';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/session.ts';
import { Shape } from '../../parts/mark.tsx';
import { Sure } from '../../parts/sure.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';

/** One account: who it is, what he may do, and what can be done about it. */
export function PersonRow({
  person,
  edit,
  tell,
}: {
  person: Person;
  edit: () => void;
  /** A new password, to be told once. */
  tell: (password: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const say = useSay();
  const oneself = useSession().user.id === person.id;
  const [asked, setAsked] = useState<'disable' | 'password' | null>(null);
  const { id, name, username, role, disabled, mustChangePassword, createdAt } = person;
  const fresh = () => client.invalidateQueries({ queryKey: ['GET /people'] });
  const admit = useMutation({
    mutationFn: (shut: boolean) => api('PATCH /people/{id}', { params: { id }, body: { disabled: shut } }),
    onSuccess: (changed) => {
      setAsked(null);
      say.done(t(changed.disabled ? 'people.shut' : 'people.opened', { name }));
      void fresh();
    },
    onError: say.failed,
  });
  const renew = useMutation({
    mutationFn: () => api('POST /people/{id}/password', { params: { id } }),
    onSuccess: ({ password }) => {
      setAsked(null);
      tell(password);
      void fresh();
    },
    onError: say.failed,
  });
  return (
    <li data-disabled={disabled}>
      <span className="person-who">
        <strong>{name}</strong>
        {oneself && <span className="person-tag">{t('people.you')}</span>}
        <span className="dim">{username}</span>
      </span>
      <span className="person-role">{t(`role.${role}`)}</span>
      <span className="person-state">
        {disabled ? (
          <span className="mark" data-tone="bad">
            <Shape shape="cross" tone="bad" />
            {t('people.disabled')}
          </span>
        ) : mustChangePassword ? (
          <span className="mark" data-tone="warn">
            <Shape shape="triangle" tone="warn" />
            {t('people.notYet')}
          </span>
        ) : (
          <span className="mark" data-tone="good">
            <Shape shape="full" tone="good" />
            {t('people.active')}
          </span>
        )}
        <span className="dim num">{t('people.since', { date: format.date(createdAt) })}</span>
      </span>
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label={t('action.more', { name })}>
            <IconDots size={20} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={18} />} onClick={edit}>
            {t('people.edit')}
          </Menu.Item>
          {oneself ? (
            <Menu.Label>{t('people.ownHint')}</Menu.Label>
          ) : (
            <>
              <Menu.Item leftSection={<IconKey size={18} />} onClick={() => setAsked('password')}>
                {t('people.renew')}
              </Menu.Item>
              {disabled ? (
                <Menu.Item leftSection={<IconLockOpen size={18} />} onClick={() => admit.mutate(false)}>
                  {t('people.open')}
                </Menu.Item>
              ) : (
                <Menu.Item
                  color="red"
                  leftSection={<IconLock size={18} />}
                  onClick={() => setAsked('disable')}
                >
                  {t('people.disable')}
                </Menu.Item>
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked === 'disable' && (
        <Sure
          title={t('people.disable')}
          text={t('people.disableSure', { name })}
          no={t('action.cancel')}
          busy={admit.isPending}
          act={() => admit.mutate(true)}
          close={() => setAsked(null)}
        />
      )}
      {asked === 'password' && (
        <Sure
          title={t('people.renew')}
          text={t('people.renewSure', { name })}
          no={t('action.cancel')}
          busy={renew.isPending}
          act={() => renew.mutate()}
          close={() => setAsked(null)}
        />
      )}
    </li>
  );
}
