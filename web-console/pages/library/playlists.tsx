import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Playlist } from '#controller/http/contract/library';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useRemoval } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import { PlaylistForm } from './playlist-form.tsx';

export function Playlists() {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('operator');
  const removal = useRemoval();
  const playlists = useQuery(ask('GET /playlists'));
  const [edited, setEdited] = useState<Playlist | 'new' | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setEdited('new')} disabled={!may}>
      {t('playlists.add')}
    </Button>
  );
  const remove = (playlist: Playlist) =>
    removal({
      said: t('library.removed', { name: playlist.title }),
      remove: () => api('DELETE /playlists/{id}', { params: { id: playlist.id } }),
      restore: () => api('POST /playlists/{id}/restore', { params: { id: playlist.id } }),
    });
  return (
    <>
      <Answered of={playlists} rows={3} height={76}>
        {(data) =>
          data.length === 0 ? (
            <Empty text={t('playlists.none')}>{add}</Empty>
          ) : (
            <>
              <div className="filters">{add}</div>
              <ul className="cards" aria-label={t('library.tab.playlists')}>
                {data.map((playlist) => (
                  <li key={playlist.id} className="card">
                    <div className="card-main">
                      <span className="card-title">{playlist.title}</span>
                      <span className="dim num card-facts">
                        <span>{t('playlists.items', { count: playlist.items.length })}</span>
                        <span>
                          {playlist.durationMs === null
                            ? t('programmes.notReady')
                            : format.span(playlist.durationMs)}
                        </span>
                        {playlist.chimeAssetId !== null && <span>{t('playlists.withChime')}</span>}
                        <span>{t('playlists.usedBy', { count: playlist.usedBy })}</span>
                      </span>
                      <span className="dim">{playlist.items.map(({ title }) => title).join(' → ')}</span>
                    </div>
                    <div className="card-actions">
                      <Menu position="bottom-end" shadow="md">
                        <Menu.Target>
                          <ActionIcon
                            variant="subtle"
                            color="gray"
                            size={44}
                            aria-label={t('action.more', { name: playlist.title })}
                          >
                            <IconDots size={20} />
                          </ActionIcon>
                        </Menu.Target>
                        <Menu.Dropdown>
                          <Menu.Item
                            leftSection={<IconPencil size={18} />}
                            onClick={() => setEdited(playlist)}
                            disabled={!may}
                          >
                            {t('action.edit')}
                          </Menu.Item>
                          <Menu.Item
                            leftSection={<IconTrash size={18} />}
                            color="red"
                            onClick={() => remove(playlist)}
                            disabled={!may || playlist.usedBy > 0}
                          >
                            {t('action.delete')}
                          </Menu.Item>
                        </Menu.Dropdown>
                      </Menu>
                    </div>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Answered>
      {edited !== null && (
        <PlaylistForm playlist={edited === 'new' ? null : edited} close={() => setEdited(null)} />
      )}
    </>
  );
}
