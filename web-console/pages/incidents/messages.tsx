import { useTranslation } from 'react-i18next';
import type { Incident, IncidentMessage } from '#controller/http/contract/incidents';
import { Shape, type ShapeName, type Tone } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';

const signs: Record<IncidentMessage['state'], { shape: ShapeName; tone: Tone }> = {
  preparing: { shape: 'half', tone: 'accent' },
  ready: { shape: 'ring', tone: 'accent' },
  sent: { shape: 'full', tone: 'good' },
  failed: { shape: 'cross', tone: 'bad' },
};

/** What was said, newest first: the alarm, what followed, and that it is over. */
export function Messages({ incident: { messages } }: { incident: Incident }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  return (
    <Section title={t('incidents.messages')}>
      <ol className="incident-messages">
        {messages.toReversed().map((message) => (
          <li key={message.id} data-kind={message.kind}>
            <div className="incident-message-head">
              <strong>{t(`incidentMessage.${message.kind}`)}</strong>
              <span className="mark" data-tone={signs[message.state].tone}>
                <Shape {...signs[message.state]} />
                {t(`messageState.${message.state}`)}
              </span>
              <span className="dim num">
                {[message.sentAt === null ? null : format.second(message.sentAt), message.by]
                  .filter((word) => word !== null)
                  .join(' · ')}
              </span>
            </div>
            {message.heading !== null && <p className="incident-heading">{message.heading}</p>}
            <p className="incident-text">{message.text}</p>
            {message.reason !== null && <p className="incident-reason">{reason(message.reason)}</p>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
