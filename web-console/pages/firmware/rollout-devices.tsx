import { IconDeviceDesktop, IconSpeakerphone } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RolloutDetail, RolloutStep } from '#controller/http/contract/firmware';
import { Shape } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useWindowRows } from '../../parts/use-window-rows.ts';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { STEPS, stepSigns } from './signs.ts';

type RolloutDevice = RolloutDetail['devices'][number];

/** Every device of the rollout: how far it is, since when, and why not. What failed can be looked at alone. */
export function RolloutDevices({ rollout }: { rollout: RolloutDetail }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<RolloutStep | null>(null);
  const present = STEPS.filter((step) => rollout.counts[step] > 0);
  // Who failed is what one comes to see.
  const shown = rollout.devices
    .filter(({ step }) => chosen === null || step === chosen)
    .sort((one, other) => Number(other.step === 'failed') - Number(one.step === 'failed'));
  return (
    <Section title={t('nav.devices')} plain>
      <fieldset className="plain-group chips chips-scroll" aria-label={t('firmware.byStep')}>
        {present.map((step) => (
          <button
            key={step}
            type="button"
            className="chip"
            aria-pressed={chosen === step}
            onClick={() => setChosen(chosen === step ? null : step)}
          >
            <Shape {...stepSigns[step]} />
            {t(`rolloutStep.${step}`)}
            <span className="num">{rollout.counts[step]}</span>
          </button>
        ))}
      </fieldset>
      <Rows devices={shown} />
    </Section>
  );
}

function Rows({ devices }: { devices: readonly RolloutDevice[] }) {
  const { t } = useTranslation();
  const { list, height, shown } = useWindowRows(devices, { desk: 60, phone: 84 }, ({ deviceId }) => deviceId);
  return (
    <ul ref={list} className="firmware-rows" aria-label={t('nav.devices')} style={{ height }}>
      {shown.map(({ key, index, item, style }) => (
        <li key={key} aria-setsize={devices.length} aria-posinset={index + 1} style={style}>
          <Row device={item} />
        </li>
      ))}
    </ul>
  );
}

function Row({ device }: { device: RolloutDevice }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const Kind = device.kind === 'board' ? IconDeviceDesktop : IconSpeakerphone;
  const sign = stepSigns[device.step];
  return (
    <Link to="/devices/$id" params={{ id: device.deviceId }} className="firmware-row">
      <Kind size={22} stroke={1.6} className="dim" role="img" aria-label={t(`kind.${device.kind}`)} />
      <span className="firmware-row-name">
        <span className="card-title">{device.name}</span>
        <span className="dim num">
          {t('firmware.stage', { number: device.stage + 1 })}
          {device.running !== null && ` · ${t('firmware.runs', { version: device.running })}`}
        </span>
      </span>
      <span className="firmware-row-step">
        <span className="mark" data-tone={sign.tone}>
          <Shape {...sign} />
          {t(`rolloutStep.${device.step}`)}
        </span>
        <span className="dim num">
          {device.reason === null ? format.moment(device.updatedAt) : reason(device.reason)}
        </span>
      </span>
    </Link>
  );
}
