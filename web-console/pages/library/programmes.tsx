import { Button, Menu } from '@mantine/core';
import { IconBroadcast, IconCalendarPlus, IconLayoutBoard, IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Programme } from '#controller/http/contract/library';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useFormat } from '../../words/format.ts';
import { matches } from '../../words/search.ts';
import { ProgrammeForm } from './programme-form.tsx';
import { RowMenu } from './row-menu.tsx';

export function Programmes() {
  const { t } = useTranslation();
  const may = useMay('operator');
  const programmes = useQuery(ask('GET /programmes'));
  const [typed, setTyped] = useState('');
  const [edited, setEdited] = useState<Programme | 'new' | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setEdited('new')} disabled={!may}>
      {t('programmes.add')}
    </Button>
  );
  return (
    <>
      <div className="filters">
        <SearchField grow label={t('programmes.search')} value={typed} change={setTyped} />
        {add}
      </div>
      <Answered of={programmes} rows={4} height={76}>
        {(data) => {
          const found = data.filter((programme) => matches(typed, programme.title, programme.notice?.text));
          if (found.length === 0)
            return (
              <Empty text={t(data.length === 0 ? 'programmes.none' : 'state.nothingFound')}>
                {data.length === 0 && add}
              </Empty>
            );
          return (
            <ul className="cards" aria-label={t('library.tab.programmes')}>
              {found.map((programme) => (
                <ProgrammeRow key={programme.id} programme={programme} edit={() => setEdited(programme)} />
              ))}
            </ul>
          );
        }}
      </Answered>
      {edited !== null && (
        <ProgrammeForm {...(edited === 'new' ? {} : { programme: edited })} close={() => setEdited(null)} />
      )}
    </>
  );
}

function ProgrammeRow({ programme, edit }: { programme: Programme; edit: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('operator');
  return (
    <li className="card">
      <div className="card-main">
        <span className="card-title">{programme.title}</span>
        <span className="dim num card-facts">
          <span>
            {programme.durationMs === null ? t('programmes.notReady') : format.span(programme.durationMs)}
          </span>
          {programme.asset !== null && <span>{t('programmes.sound', { title: programme.asset.title })}</span>}
          {programme.notice !== null && <span>{t('programmes.notice')}</span>}
          {programme.board !== null && <span>{t('compose.inLibrary')}</span>}
          <span>{t('programmes.usedBy', { count: programme.usedBy })}</span>
        </span>
      </div>
      <div className="card-actions">
        <Button
          variant="default"
          leftSection={<IconCalendarPlus size={18} />}
          renderRoot={(props) => (
            <Link
              to="/schedules/$id"
              params={{ id: 'new' }}
              search={{ programme: programme.id }}
              {...props}
            />
          )}
        >
          {t('library.scheduleIt')}
        </Button>
        <RowMenu
          name={programme.title}
          needed={programme.usedBy > 0}
          remove={() => api('DELETE /programmes/{id}', { params: { id: programme.id } })}
          restore={() => api('POST /programmes/{id}/restore', { params: { id: programme.id } })}
        >
          <Menu.Item
            leftSection={<IconBroadcast size={18} />}
            disabled={!may || programme.durationMs === null}
            renderRoot={(props) => (
              <Link to="/on-air" search={{ content: `programme:${programme.id}` }} {...props} />
            )}
          >
            {t('onAir.playNow')}
          </Menu.Item>
          {programme.board !== null && (
            <Menu.Item
              leftSection={<IconLayoutBoard size={18} />}
              disabled={!may}
              renderRoot={(props) => (
                <Link to="/boards/compose" search={{ programme: programme.id }} {...props} />
              )}
            >
              {t('compose.openInComposer')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconPencil size={18} />} onClick={edit} disabled={!may}>
            {t('action.edit')}
          </Menu.Item>
        </RowMenu>
      </div>
    </li>
  );
}
