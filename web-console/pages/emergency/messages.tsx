import { Anchor, Button } from '@mantine/core';
import { IconArrowLeft, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredMessage } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { useMayAlarm } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import './emergency.css';
import { MessageForm } from './message-form.tsx';
import { MessageRow } from './message-row.tsx';
import './messages.css';

/** What lies on every device before it is needed. */
export function StoredMessages() {
  const { t } = useTranslation();
  const may = useMayAlarm();
  const messages = useQuery(ask('GET /stored-messages'));
  const [editing, setEditing] = useState<StoredMessage | 'new' | null>(null);
  const add = (
    <Button leftSection={<IconPlus size={18} />} disabled={!may} onClick={() => setEditing('new')}>
      {t('stored.add')}
    </Button>
  );
  return (
    <>
      <Anchor className="alarm-link stored-back" renderRoot={(props) => <Link to="/emergency" {...props} />}>
        <IconArrowLeft size={18} aria-hidden /> {t('nav.emergency')}
      </Anchor>
      <PageHead title={t('stored.title')} note={t('stored.note')}>
        {add}
      </PageHead>
      <Answered of={messages} rows={4} height={96}>
        {(data) =>
          data.length === 0 ? (
            <div className="section section-boxed">
              <Empty text={t('stored.none')}>{add}</Empty>
            </div>
          ) : (
            <ul className="stored-list">
              {data.map((message) => (
                <MessageRow key={message.id} message={message} edit={() => setEditing(message)} may={may} />
              ))}
            </ul>
          )
        }
      </Answered>
      {editing !== null && (
        <MessageForm {...(editing === 'new' ? {} : { message: editing })} close={() => setEditing(null)} />
      )}
    </>
  );
}
