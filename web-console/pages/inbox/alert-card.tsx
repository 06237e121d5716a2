import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Alert } from '#controller/http/contract/alerts';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { AlertActions } from './alert-actions.tsx';
import { LevelBadge } from './level-badge.tsx';
import { alertSigns } from './signs.ts';

/** An alert that waits for a person. */
export function AlertCard({ alert, open }: { alert: Alert; open: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const { headline, event, description, instruction, level, sender, areaText, devices, expires, receivedAt } =
    alert;
  return (
    <article className="inbox-card" data-level={level} aria-label={headline ?? event}>
      <header>
        <LevelBadge level={level} />
        <span className="mark" data-tone={alertSigns.waiting.tone}>
          <Shape {...alertSigns.waiting} />
          {t('alertState.waiting')}
        </span>
        <span className="dim num">{t('inbox.from', { who: sender, when: format.moment(receivedAt) })}</span>
      </header>
      <h2>{headline ?? event}</h2>
      {description !== null && <p className="inbox-text">{description}</p>}
      {instruction !== null && <p className="inbox-text">{instruction}</p>}
      <p className="num inbox-times">
        <span>{t('alerts.concerns', { area: areaText, count: devices })}</span>
        {expires !== null && <span>{t('bulletins.expires', { when: format.moment(expires) })}</span>}
        <span>{t(`alerts.signature.${alert.signature}`)}</span>
      </p>
      {alert.reason !== null && <p className="hint">{reason(alert.reason)}</p>}
      <div className="inbox-actions">
        <AlertActions alert={alert} />
        <Button variant="subtle" onClick={open}>
          {t('inbox.details')}
        </Button>
      </div>
    </article>
  );
}
