import { Checkbox } from '@mantine/core';
import { IconDeviceDesktop, IconSpeakerphone, IconSun, IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DeviceSummary } from '#controller/http/contract/devices';
import { useSounding } from '../../live/use-sounding.ts';
import { StatusMark } from '../../parts/mark.tsx';
import { useWindowRows } from '../../parts/use-window-rows.ts';
import { useFormat } from '../../words/format.ts';

/** The devices that are chosen, and how one is chosen or left out; null while rows only lead to their devices. */
export type Choice = { readonly chosen: ReadonlySet<string>; readonly toggle: (id: string) => void } | null;

export function DeviceRows({ devices, choice }: { devices: DeviceSummary[]; choice: Choice }) {
  const { t } = useTranslation();
  const { list, height, shown } = useWindowRows(devices, { desk: 60, phone: 84 }, ({ id }) => id);
  return (
    <ul ref={list} className="device-rows" aria-label={t('nav.devices')} style={{ height }}>
      {shown.map(({ key, index, item, style }) => (
        <li key={key} aria-setsize={devices.length} aria-posinset={index + 1} style={style}>
          {choice === null ? (
            <Row device={item} />
          ) : (
            <div className="device-choose">
              <Checkbox
                size="md"
                aria-label={t('many.selectOne', { name: item.name })}
                checked={choice.chosen.has(item.id)}
                onChange={() => choice.toggle(item.id)}
              />
              <Row device={item} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Row({ device }: { device: DeviceSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const playing = useSounding(device);
  const Kind = device.kind === 'board' ? IconDeviceDesktop : IconSpeakerphone;
  const { desired, held, fetching } = device.plan;
  const behind = desired !== null && held?.sha256 !== desired.sha256;
  return (
    <Link to="/devices/$id" params={{ id: device.id }} className="device-row">
      <Kind size={22} stroke={1.6} className="dim" role="img" aria-label={t(`kind.${device.kind}`)} />
      <span className="device-name">
        <span className="device-title">{device.name}</span>
        <span className="dim">
          {device.areaName ?? t('devices.noArea')}
          {device.address !== null && ` · ${device.address}`}
        </span>
      </span>
      <span className="device-status">
        <StatusMark status={device.status} playing={playing !== undefined} />
        <span className="dim num">
          {playing !== undefined && device.status === 'online'
            ? playing
            : t('devices.sinceWhen', { when: format.moment(device.statusSince) })}
        </span>
      </span>
      <span className="device-plan dim">
        {desired === null
          ? t('devices.planNone')
          : behind
            ? fetching !== null && fetching.blobs > 0
              ? t('devices.planFetching', { count: fetching.blobs })
              : t('devices.planBehind')
            : t('devices.planHeld')}
        {device.faults.length > 0 && (
          <span className="device-faults">{t('devices.faults', { count: device.faults.length })}</span>
        )}
      </span>
      <span className="device-setting num">
        {device.kind === 'board' ? (
          <>
            <IconSun size={18} aria-label={t('device.brightness')} role="img" /> {device.brightness} %
          </>
        ) : device.muted ? (
          <>
            <IconVolumeOff size={18} aria-hidden /> {t('device.muted')}
          </>
        ) : (
          <>
            <IconVolume size={18} aria-label={t('device.volume')} role="img" /> {device.volume} %
          </>
        )}
      </span>
    </Link>
  );
}
