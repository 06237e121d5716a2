import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Asset } from '#controller/http/contract/library';
import { api } from '../../api/client.ts';
import { useSay } from '../../parts/undo.tsx';

export function Rename({ asset, close }: { asset: Asset; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const [title, setTitle] = useState(asset.title);
  const save = useMutation({
    mutationFn: () => api('PATCH /assets/{id}', { params: { id: asset.id }, body: { title: title.trim() } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /assets'] });
      close();
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t('action.rename')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('library.title')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            maxLength={200}
            data-autofocus
          />
          <Button type="submit" loading={save.isPending} disabled={title.trim() === ''}>
            {t('action.save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
