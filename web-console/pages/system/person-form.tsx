import { Alert, Button, Drawer, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#controller/http/contract/people';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/session.ts';
import { useProblemText } from '../../parts/problem.tsx';
import { useSay } from '../../parts/undo.tsx';
import type { Told } from './told-once.tsx';

const ROLES = ['operator', 'approver', 'technician', 'viewer', 'administrator'] as const;
const USERNAME = /^[a-z][a-z0-9._-]{2,29}$/;

/** A new account, or what may be changed about one. */
export function PersonForm({
  person,
  close,
  made,
}: {
  person: Person | null;
  close: () => void;
  made: (told: Told) => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const textOf = useProblemText();
  const oneself = useSession().user.id === person?.id;
  const [name, setName] = useState(person?.name ?? '');
  const [username, setUsername] = useState(person?.username ?? '');
  const [role, setRole] = useState<Person['role']>(person?.role ?? 'operator');
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: async (): Promise<Told | null> => {
      if (person === null) {
        return api('POST /people', { body: { name: name.trim(), username: username.trim(), role } });
      }
      const body = { name: name.trim(), ...(oneself ? {} : { role }) };
      await api('PATCH /people/{id}', { params: { id: person.id }, body });
      return null;
    },
    onSuccess: (told) => {
      void client.invalidateQueries({ queryKey: ['GET /people'] });
      void client.invalidateQueries({ queryKey: ['GET /session'] });
      if (told !== null) made(told);
      else {
        say.done(t('people.saved', { name: name.trim() }));
        close();
      }
    },
  });
  const named = name.trim() !== '';
  const fits = person !== null || USERNAME.test(username.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (named && fits) save.mutate();
  };
  return (
    <Drawer
      opened
      onClose={close}
      size="md"
      title={t(person === null ? 'people.add' : 'people.edit')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <div role="alert">
            {save.isError && (
              <Alert color="red" variant="light">
                {textOf(save.error)}
              </Alert>
            )}
          </div>
          <TextInput
            label={t('people.name')}
            placeholder={t('people.namePlaceholder')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && !named && t('people.nameMissing')}
            maxLength={100}
            autoComplete="off"
            required
            data-autofocus
          />
          {person === null && (
            <TextInput
              label={t('people.username')}
              description={t('people.usernameHint')}
              placeholder="hoa.tran"
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value.toLowerCase())}
              error={tried && !fits && t('people.usernameWrong')}
              maxLength={30}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              required
            />
          )}
          <Radio.Group
            label={t('people.role')}
            description={oneself ? t('people.ownHint') : undefined}
            value={role}
            onChange={(value) => setRole(ROLES.find((known) => known === value) ?? 'viewer')}
          >
            <Stack gap="sm" mt="xs">
              {ROLES.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={t(`role.${value}`)}
                  description={t(`people.may.${value}`)}
                  disabled={oneself}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Button type="submit" loading={save.isPending}>
            {t(person === null ? 'people.make' : 'action.save')}
          </Button>
        </Stack>
      </form>
    </Drawer>
  );
}
