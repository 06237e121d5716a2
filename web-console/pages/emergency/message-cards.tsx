import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { StoredMessage } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';

/** What is on the devices already: one tap chooses it. */
export function MessageCards({
  choose,
  write,
}: {
  choose: (message: StoredMessage) => void;
  write: () => void;
}) {
  const { t } = useTranslation();
  const messages = useQuery(ask('GET /stored-messages'));
  return (
    <Answered of={messages} rows={3} height={96}>
      {(data) => (
        <>
          {data.length === 0 && (
            <Empty text={t('emergency.noneStored')}>
              <Button renderRoot={(props) => <Link to="/emergency/messages" {...props} />} variant="default">
                {t('stored.add')}
              </Button>
            </Empty>
          )}
          <ul className="alarm-cards">
            {data.map((message) => (
              <li key={message.id}>
                <MessageCard message={message} choose={() => choose(message)} />
              </li>
            ))}
            <li>
              <button type="button" className="alarm-card alarm-card-write" onClick={write}>
                <IconPencil size={24} aria-hidden />
                <span className="alarm-card-title">{t('emergency.write')}</span>
                <span className="dim">{t('emergency.writeHint')}</span>
              </button>
            </li>
          </ul>
        </>
      )}
    </Answered>
  );
}

function MessageCard({ message, choose }: { message: StoredMessage; choose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { title, text, ready, durationMs, heldBy, devices } = message;
  const whole = heldBy >= devices;
  return (
    <button type="button" className="alarm-card" onClick={choose}>
      <span className="alarm-card-title">{title}</span>
      <span className="alarm-card-text">{text}</span>
      <span className="alarm-card-held num">
        <Shape shape={whole ? 'full' : 'half'} tone={whole ? 'good' : 'warn'} />
        {ready
          ? t('stored.heldBy', { held: format.number(heldBy), all: format.number(devices) })
          : t('stored.making')}
        {durationMs !== null && ` · ${format.span(durationMs)}`}
      </span>
    </button>
  );
}
