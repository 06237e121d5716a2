import { Menu } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelaySource } from '#controller/http/contract/relays';
import { ask } from '../../../api/ask.ts';
import { api } from '../../../api/client.ts';
import { useMay } from '../../../api/session.ts';
import { RowMenu } from '../../library/row-menu.tsx';

/** The streams that are known; folded away, since they change once a year. */
export function Sources({
  sources,
  edit,
  add,
}: {
  sources: readonly RelaySource[];
  edit: (source: RelaySource) => void;
  add: ReactNode;
}) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const playlists = useQuery(ask('GET /playlists')).data ?? [];
  return (
    <details className="studio-options">
      <summary>
        {t('relay.manage')} <span className="dim num">· {sources.length}</span>
      </summary>
      <ul className="relay-sources">
        {sources.map((source) => {
          const fallback = playlists.find(({ id }) => id === source.fallbackPlaylistId);
          return (
            <li key={source.id}>
              <div>
                <span className="relay-name">{source.title}</span>
                <span className="dim relay-url">{source.url}</span>
                <span className="dim">
                  {fallback === undefined
                    ? t('relay.noFallback')
                    : t('relay.fallbackOf', { name: fallback.title })}
                </span>
              </div>
              <RowMenu
                name={source.title}
                needed={false}
                remove={() => api('DELETE /relay-sources/{id}', { params: { id: source.id } })}
                restore={() =>
                  api('POST /relay-sources', {
                    body: {
                      title: source.title,
                      url: source.url,
                      fallbackPlaylistId: source.fallbackPlaylistId,
                      silenceMs: source.silenceMs,
                    },
                  })
                }
              >
                <Menu.Item
                  leftSection={<IconPencil size={18} />}
                  disabled={!may}
                  onClick={() => edit(source)}
                >
                  {t('action.edit')}
                </Menu.Item>
              </RowMenu>
            </li>
          );
        })}
      </ul>
      {add}
    </details>
  );
}
