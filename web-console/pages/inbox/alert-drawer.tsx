import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#controller/http/contract/alerts';
import { ask } from '../../api/ask.ts';
import { addressOf } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { AlertActions } from './alert-actions.tsx';
import { LevelBadge } from './level-badge.tsx';
import { useText } from './use-text.ts';

/** One alert as it was understood, and as it came. */
export function AlertDrawer({ id, close }: { id: string | null; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      size="lg"
      title={t('alerts.one')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {id !== null && <Detail id={id} />}
    </Drawer>
  );
}

function Detail({ id }: { id: string }) {
  const alert = useQuery(ask('GET /alerts/{id}', { params: { id } }));
  return (
    <Answered of={alert} rows={6}>
      {(data) => <Shown alert={data} />}
    </Answered>
  );
}

function Shown({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { id, headline, event, description, instruction, level, reason: why } = alert;
  const facts = [
    [t('alerts.state'), t(`alertState.${alert.state}`)],
    ...(why === null ? [] : [[t('alerts.why'), reason(why)] as const]),
    [t('bulletins.sender'), alert.sender],
    [t('alerts.sent'), format.moment(alert.sent)],
    [t('bulletins.received'), format.moment(alert.receivedAt)],
    [t('alerts.expires'), alert.expires === null ? t('state.none') : format.moment(alert.expires)],
    [t('alerts.area'), t('alerts.concerns', { area: alert.areaText, count: alert.devices })],
    [t('alerts.measure'), `${alert.severity} · ${alert.urgency} · ${alert.certainty}`],
    [t('alerts.status'), `${alert.status} · ${alert.msgType}`],
    [t('alerts.signatureIs'), t(`alerts.signature.${alert.signature}`)],
    [t('alerts.via'), alert.via],
    [t('alerts.identifier'), alert.identifier],
  ] as const;
  return (
    <div className="inbox-detail">
      <h2>{headline ?? event}</h2>
      <LevelBadge level={level} />
      {description !== null && <p className="inbox-text">{description}</p>}
      {instruction !== null && <p className="inbox-text">{instruction}</p>}
      <div className="inbox-actions">
        <AlertActions alert={alert} />
      </div>
      <dl className="facts num">
        {facts.map(([name, value]) => (
          <div key={name} className="inbox-fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className="inbox-xml">
        <summary>{t('alerts.xml')}</summary>
        <Xml id={id} />
      </details>
    </div>
  );
}

function Xml({ id }: { id: string }) {
  const { t } = useTranslation();
  const xml = useText(addressOf('GET /alerts/{id}/xml', { params: { id } }));
  if (xml.isError) return <Problem error={xml.error} retry={() => void xml.refetch()} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="inbox-source" tabIndex={0} aria-label={t('alerts.xml')}>
      <pre>{xml.data ?? t('state.loading')}</pre>
    </section>
  );
}
