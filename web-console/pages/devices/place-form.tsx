import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../parts/undo.tsx';

/** Adds an area or a group, or changes the one that is `edited`; `children` are the fields besides the name. */
export function PlaceForm({
  of,
  edited,
  save,
  done,
  children,
}: {
  of: 'areas' | 'groups';
  edited: { name: string } | null;
  save: (name: string) => Promise<unknown>;
  done: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const [name, setName] = useState(edited?.name ?? '');
  const saving = useMutation({
    mutationFn: () => save(name.trim()),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: [`GET /${of}`] });
      if (edited === null) setName('');
      done();
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t(edited === null ? `${of}.new` : `${of}.name`)}
          placeholder={t(`${of}.placeholder`)}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        {children}
        <div className="page-actions">
          <Button type="submit" loading={saving.isPending} disabled={name.trim() === ''}>
            {t(edited === null ? `${of}.add` : 'action.save')}
          </Button>
          {edited !== null && (
            <Button variant="default" onClick={done}>
              {t('action.cancel')}
            </Button>
          )}
        </div>
      </Stack>
    </form>
  );
}
