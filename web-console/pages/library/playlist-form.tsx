import { ActionIcon, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Playlist } from '#controller/http/contract/library';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useFormat } from '../../words/format.ts';
import { FormDrawer } from './form-drawer.tsx';
import { TitleField } from './title-field.tsx';

interface Item {
  key: number;
  id: string;
}

/** Programmes in an order; moved by buttons, which a thumb and a keyboard can both press. */
export function PlaylistForm({ playlist, close }: { playlist: Playlist | null; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const programmes = useQuery(ask('GET /programmes'));
  const assets = useQuery(ask('GET /assets', { query: { state: 'ready' } }));
  const [title, setTitle] = useState(playlist?.title ?? '');
  const [chime, setChime] = useState<string | null>(playlist?.chimeAssetId ?? null);
  const [items, setItems] = useState<Item[]>(
    () => playlist?.items.map(({ programmeId }, key) => ({ key, id: programmeId })) ?? [],
  );
  const [tried, setTried] = useState(false);
  const nameOf = (id: string) => programmes.data?.find((programme) => programme.id === id);
  const move = (index: number, by: number) => {
    const next = [...items];
    const [item] = next.splice(index, 1);
    if (item !== undefined) next.splice(index + by, 0, item);
    setItems(next);
  };
  const save = useMutation({
    mutationFn: () => {
      const body = { title: title.trim(), chimeAssetId: chime, items: items.map(({ id }) => id) };
      return playlist === null
        ? api('POST /playlists', { body })
        : api('PATCH /playlists/{id}', { params: { id: playlist.id }, body });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /playlists'] });
      void client.invalidateQueries({ queryKey: ['GET /programmes'] });
      close();
    },
  });
  const submit = () => {
    setTried(true);
    if (title.trim() !== '' && items.length > 0) save.mutate();
  };
  return (
    <FormDrawer
      heading={t(playlist === null ? 'playlists.add' : 'playlists.edit')}
      close={close}
      submit={submit}
      saving={save}
    >
      <TitleField value={title} change={setTitle} tried={tried} />
      <Select
        label={t('playlists.chime')}
        placeholder={t('playlists.noChime')}
        data={assets.data?.map((asset) => ({ value: asset.id, label: asset.title })) ?? []}
        value={chime}
        onChange={setChime}
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        searchable
        nothingFoundMessage={t('state.nothingFound')}
      />
      <ol className="playlist">
        {items.map((item, index) => {
          const programme = nameOf(item.id);
          const name = programme?.title ?? item.id;
          const shown = programme?.board?.durationMs ?? programme?.notice?.durationMs ?? null;
          // Said where it is not the length of the programme anyway.
          const onBoards = shown === programme?.durationMs ? null : shown;
          return (
            <li key={item.key}>
              <span className="num dim">{index + 1}</span>
              <span>
                {name}{' '}
                {programme?.durationMs != null && (
                  <span className="dim num">· {format.span(programme.durationMs)}</span>
                )}
                {onBoards !== null && (
                  <span className="dim num">
                    {' '}
                    · {t('playlists.onBoards', { span: format.span(onBoards) })}
                  </span>
                )}
              </span>
              <ActionIcon
                size={44}
                variant="subtle"
                color="gray"
                disabled={index === 0}
                onClick={() => move(index, -1)}
                aria-label={t('playlists.up', { name })}
              >
                <IconArrowUp size={18} />
              </ActionIcon>
              <ActionIcon
                size={44}
                variant="subtle"
                color="gray"
                disabled={index === items.length - 1}
                onClick={() => move(index, 1)}
                aria-label={t('playlists.down', { name })}
              >
                <IconArrowDown size={18} />
              </ActionIcon>
              <ActionIcon
                size={44}
                variant="subtle"
                color="red"
                onClick={() => setItems(items.filter(({ key }) => key !== item.key))}
                aria-label={t('playlists.take', { name })}
              >
                <IconX size={18} />
              </ActionIcon>
            </li>
          );
        })}
      </ol>
      <Select
        label={t('playlists.addItem')}
        placeholder={t('playlists.choose')}
        data={programmes.data?.map((programme) => ({ value: programme.id, label: programme.title })) ?? []}
        value={null}
        onChange={(id) =>
          id !== null && setItems([...items, { key: Math.max(-1, ...items.map(({ key }) => key)) + 1, id }])
        }
        searchable
        nothingFoundMessage={t('state.nothingFound')}
        error={tried && items.length === 0 && t('playlists.empty')}
      />
    </FormDrawer>
  );
}
