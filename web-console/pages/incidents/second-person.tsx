import { Button } from '@mantine/core';
import { IconUrgent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMayAlarm, useSession } from '../../api/session.ts';
import { useProblemText } from '../../parts/problem.tsx';
import { Section } from '../../parts/section.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';
import { useAudienceWords } from '../emergency/audience.ts';
import { BreakGlass } from '../emergency/break-glass.tsx';
import { useReach } from '../on-air/reach.ts';
import { useWhere } from '../on-air/use-where.ts';
import { useIncidentChange } from './use-incident-change.ts';

const STEADY_MS = 600;

/** Before it sounds: what it says, where, who has confirmed, and the button of whoever is still to. */
export function SecondPerson({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = useProblemText();
  const where = useWhere();
  const now = useNow(1_000);
  const { user } = useSession();
  const may = useMayAlarm();
  const policy = useQuery(ask('GET /policies/emergency')).data?.value;
  const [steady, setSteady] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setSteady(true), STEADY_MS);
    return () => window.clearTimeout(timer);
  }, []);
  const { id, state, confirmedBy, createdAt, targets, messages } = incident;
  const params = { id };
  const confirm = useIncidentChange(
    (breakGlass: { reason: string } | null) =>
      api('POST /incidents/{id}/confirm', { params, body: { breakGlass } }),
    () => {},
  );
  const cancel = useIncidentChange(
    () => api('POST /incidents/{id}/cancel', { params }),
    () => {},
  );
  const waiting = state === 'waiting';
  const mine = waiting && confirmedBy === user.name;
  const words = useAudienceWords();
  // Nobody has been asked yet: who would be is counted by the targets.
  const reach = useReach(targets.map(({ kind, id: target }) => `${kind}:${target}`));
  const devices =
    reach === undefined
      ? where(targets)
      : t('emergency.devicesAt', { devices: words(reach), where: where(targets) });
  return (
    <Section title={t(waiting ? 'second.title' : 'second.draftTitle')}>
      <div className="pad second">
        {waiting ? (
          <>
            <p>
              {t('second.first', { who: confirmedBy ?? t('state.unknown') })}{' '}
              <span className="num dim">
                {t('second.waits', { span: format.span(Math.max(0, now - createdAt)) })}
              </span>
            </p>
            <p className="hint">{t(mine ? 'second.whoMine' : 'second.who')}</p>
          </>
        ) : (
          <p className="hint">{t('second.draft')}</p>
        )}
        <blockquote className="alarm-quote">{messages[0]?.text}</blockquote>
        <div role="alert">
          {confirm.isError && <p className="incident-reason">{textOf(confirm.error)}</p>}
          {cancel.isError && <p className="incident-reason">{textOf(cancel.error)}</p>}
        </div>
        {!mine && (
          <Button
            size="xl"
            color="red"
            fullWidth
            className="alarm-button"
            leftSection={<IconUrgent size={26} />}
            disabled={!may || !steady}
            loading={confirm.isPending}
            onClick={() => confirm.mutate(null)}
          >
            {t(waiting ? 'second.go' : 'second.goFirst', { devices })}
          </Button>
        )}
        {waiting && policy?.breakGlass === true && may && (
          <BreakGlass
            busy={confirm.isPending}
            devices={devices}
            act={(reason) => confirm.mutate({ reason })}
          />
        )}
        <Button
          variant="default"
          fullWidth
          disabled={!may}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(undefined)}
        >
          {t('second.withdraw')}
        </Button>
      </div>
    </Section>
  );
}
