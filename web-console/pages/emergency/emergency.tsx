import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useMayAlarm } from '../../api/session.ts';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useDraft } from '../../parts/use-draft.ts';
import { useNames, useReach } from '../on-air/reach.ts';
import '../on-air/on-air.css';
import { ConfirmAlarm } from './confirm-alarm.tsx';
import { type Draft, FRESH, type IncidentBody, ofStored, ofTyped } from './draft.ts';
import './emergency.css';
import { MessageCards } from './message-cards.tsx';
import { WhereAndHow } from './where-and-how.tsx';
import { WriteMessage } from './write-message.tsx';

/** Two taps sound an alarm: the message, and the button that spells out where it will be heard. */
export function Emergency() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [draft, setDraft, forget] = useDraft<Draft>('emergency', FRESH);
  const [body, setBody] = useState<IncidentBody | null>(null);
  const names = useNames(draft.targets);
  const reach = useReach(draft.targets);
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const policy = useQuery(ask('GET /policies/emergency')).data?.value;
  const nobody = reach?.devices === 0;
  if (!useMayAlarm()) return <Empty text={t('problem.not-allowed')} />;
  const go = (next: IncidentBody) => {
    if (!nobody && draft.targets.length > 0) setBody(next);
  };
  return (
    <div className="alarm">
      <PageHead
        title={t('nav.emergency')}
        note={t(draft.writing ? 'emergency.noteWriting' : 'emergency.note')}
      />
      <WhereAndHow draft={draft} reach={reach} change={put} />
      <div role="alert">{nobody && <p className="alarm-nobody">{t('onAir.reachesNobody')}</p>}</div>
      {draft.writing ? (
        <WriteMessage draft={draft} change={put} go={() => go(ofTyped(draft))} />
      ) : (
        <MessageCards
          choose={(message) => go(ofStored(draft, message))}
          write={() => put({ writing: true })}
        />
      )}
      {policy !== undefined && policy.secondPerson !== 'never' && (
        <p className="hint">{t(`emergency.policy.${policy.secondPerson}`)}</p>
      )}
      {/* Below the cards: the thumb's way to the messages is the shortest. */}
      <div className="alarm-links">
        <Anchor renderRoot={(props) => <Link to="/emergency/messages" {...props} />} className="alarm-link">
          {t('stored.title')}
        </Anchor>
        <Anchor renderRoot={(props) => <Link to="/incidents" {...props} />} className="alarm-link">
          {t('nav.incidents')}
        </Anchor>
      </div>
      {body !== null && (
        <ConfirmAlarm
          body={body}
          where={names}
          reach={reach}
          close={() => setBody(null)}
          sent={({ id }) => {
            forget();
            void navigate({ to: '/incidents/$id', params: { id } });
          }}
        />
      )}
    </div>
  );
}
