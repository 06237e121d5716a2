import { Button, Menu } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Playlist } from '#controller/http/contract/library';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useFormat } from '../../words/format.ts';
import { PlaylistForm } from './playlist-form.tsx';
import { RowMenu } from './row-menu.tsx';

export function Playlists() {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('operator');
  const playlists = useQuery(ask('GET /playlists'));
  const [edited, setEdited] = useState<Playlist | 'new' | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setEdited('new')} disabled={!may}>
      {t('playlists.add')}
    </Button>
  );
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
                      <RowMenu
                        name={playlist.title}
                        needed={playlist.usedBy > 0}
                        remove={() => api('DELETE /playlists/{id}', { params: { id: playlist.id } })}
                        restore={() => api('POST /playlists/{id}/restore', { params: { id: playlist.id } })}
                      >
                        <Menu.Item
                          leftSection={<IconPencil size={18} />}
                          onClick={() => setEdited(playlist)}
                          disabled={!may}
                        >
                          {t('action.edit')}
                        </Menu.Item>
                      </RowMenu>
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
