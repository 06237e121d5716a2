import { Button, Modal } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reach } from '#controller/http/contract/broadcasts';
import type { Incident } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { useFormat } from '../../words/format.ts';
import { useAudienceWords } from './audience.ts';
import { BreakGlass } from './break-glass.tsx';
import type { IncidentBody } from './draft.ts';
import { LaunchState } from './launch-state.tsx';
import { useLaunch } from './use-launch.ts';

/** A finger that taps a card twice must not sound an alarm: the button takes no tap for so long. */
const STEADY_MS = 600;
const MINUTE = 60_000;

/** The second tap: what will be heard, where, on how many; and then how the asking for it goes. */
export function ConfirmAlarm({
  body,
  where,
  reach,
  close,
  sent,
}: {
  body: IncidentBody;
  where: string;
  /** Undefined while it is not known: a bad link must not keep an alarm from being sent. */
  reach: Reach | undefined;
  close: () => void;
  sent: (incident: Incident) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAudienceWords();
  const launch = useLaunch(body, sent);
  const policy = useQuery(ask('GET /policies/emergency')).data?.value;
  const [steady, setSteady] = useState(false);
  const [typed, setTyped] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setSteady(true), STEADY_MS);
    return () => window.clearTimeout(timer);
  }, []);
  const away = reach === undefined ? 0 : reach.devices - reach.connected;
  const devices = reach === undefined ? where : words(reach);
  // What the controller drew up counts: a stored message that was changed meanwhile is a new text.
  const stored = launch.incident === null ? (body.storedMessageId ?? null) : launch.incident.storedMessageId;
  const secondAsked =
    policy !== undefined &&
    body.drill !== 'silent' &&
    (policy.secondPerson === 'always' || (policy.secondPerson === 'new-text' && stored === null));
  const asking = launch.step === 'asking' || launch.step === 'done';
  const leave = () => {
    if (launch.step !== 'done') launch.giveUp();
    close();
  };
  return (
    <Modal
      opened
      onClose={leave}
      closeOnClickOutside={!asking && !typed}
      title={t(body.drill == null ? 'emergency.confirmTitle' : `drill.confirmTitle.${body.drill}`)}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="confirm">
        <p className="confirm-what">{body.title}</p>
        <blockquote className="alarm-quote">{body.text}</blockquote>
        <dl className="facts">
          <dt>{t('onAir.where')}</dt>
          <dd>{where}</dd>
          <dt>{t('onAir.on')}</dt>
          <dd className="num">
            {reach === undefined ? t('emergency.counting') : devices}
            {away > 0 && <span className="confirm-warn"> {t('emergency.away', { count: away })}</span>}
          </dd>
          <dt>{t('emergency.how')}</dt>
          <dd>
            {t(body.siren === false ? 'emergency.noSiren' : 'emergency.withSiren')} ·{' '}
            {t('emergency.times', { count: body.repeats ?? 1 })} ·{' '}
            {t('emergency.holds', { span: format.span((body.minutes ?? 0) * MINUTE) })}
          </dd>
        </dl>
        {secondAsked && <p className="alarm-second">{t('emergency.secondAsked')}</p>}
        <LaunchState launch={launch} />
        <Button
          size="xl"
          color="red"
          fullWidth
          data-autofocus
          className="alarm-button"
          leftSection={<IconUrgent size={26} />}
          loading={asking}
          disabled={!steady || launch.step === 'refused'}
          onClick={() => launch.confirm(null)}
        >
          {secondAsked
            ? t('emergency.askSecond')
            : body.drill === 'silent'
              ? t('drill.go', { devices })
              : t('emergency.go', { devices })}
        </Button>
        {secondAsked && policy?.breakGlass === true && (
          <BreakGlass
            busy={asking}
            typing={setTyped}
            devices={devices}
            act={(reason) => launch.confirm({ reason })}
          />
        )}
        <Button variant="default" fullWidth onClick={leave}>
          {t(asking ? 'emergency.giveUp' : 'action.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
