import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident, SilentDevice } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { Shape } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';

const AT_ONCE = 8;

/** Who has not sounded, by what keeps them silent, and what a technician can try about it. */
export function Silent({ incident: { id, counts }, opened }: { incident: Incident; opened: boolean }) {
  const { t } = useTranslation();
  const silent = useQuery({
    ...ask('GET /incidents/{id}/silent', { params: { id } }),
    enabled: counts.silent > 0,
  });
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (opened) box.current?.scrollIntoView({ block: 'nearest' });
  }, [opened]);
  if (counts.silent === 0) return opened ? <p className="hint">{t('incidents.nobodySilent')}</p> : null;
  const groups = new Map<string, SilentDevice[]>();
  for (const device of silent.data ?? [])
    groups.set(device.reason, [...(groups.get(device.reason) ?? []), device]);
  return (
    <Section title={t('incidents.silentTitle', { count: counts.silent })}>
      <div className="silent" ref={box}>
        {[...groups].map(([reason, devices]) => (
          <Alike key={reason} reason={reason} devices={devices} open={opened || devices.length <= AT_ONCE} />
        ))}
      </div>
    </Section>
  );
}

function Alike({
  reason: code,
  devices,
  open,
}: {
  reason: string;
  devices: readonly SilentDevice[];
  open: boolean;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const attempt = `silentTry.${code}`;
  return (
    <details open={open}>
      <summary>
        <Shape shape="cross" tone="bad" />
        <span className="silent-why">
          {t('count.devices', { count: devices.length })}: {reason(code)}
        </span>
      </summary>
      <p className="silent-try">
        {i18n.exists(attempt) ? String(i18n.t(attempt as never)) : t('silentTry.otherwise')}
      </p>
      <ul className="incident-devices">
        {devices.map((device) => (
          <li key={device.deviceId}>
            <Link to="/devices/$id" params={{ id: device.deviceId }}>
              {device.name}
            </Link>
            <span className="dim num">
              {[
                t(`kind.${device.kind}`),
                device.areaName,
                device.since === null
                  ? null
                  : t('incidents.sinceWhen', { when: format.moment(device.since) }),
              ]
                .filter((word) => word !== null)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
