import { useMediaQuery } from '@mantine/hooks';
import { IconDeviceDesktop, IconSpeakerphone, IconSun, IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceSummary } from '#controller/http/contract/devices';
import { beats } from '../../live/link.ts';
import { useWatched } from '../../live/store.ts';
import { StatusMark } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';

/** Only the rows in sight exist; a thousand devices cost no more than twenty. */
export function DeviceRows({ devices }: { devices: DeviceSummary[] }) {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false }) ?? false;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands above the list changes its height with the data
  useLayoutEffect(() => {
    if (list.current !== null) setTop(list.current.getBoundingClientRect().top + window.scrollY);
  }, [devices, phone]);
  const rows = useWindowVirtualizer({
    count: devices.length,
    estimateSize: () => (phone ? 84 : 60),
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => devices[index]?.id ?? index,
  });
  return (
    <ul
      ref={list}
      className="device-rows"
      aria-label={t('nav.devices')}
      style={{ height: rows.getTotalSize() }}
    >
      {rows.getVirtualItems().map((row) => {
        const device = devices[row.index];
        return device === undefined ? null : (
          <li
            key={row.key}
            aria-setsize={devices.length}
            aria-posinset={row.index + 1}
            style={{ height: row.size, transform: `translateY(${row.start - top}px)` }}
          >
            <Row device={device} />
          </li>
        );
      })}
    </ul>
  );
}

function Row({ device }: { device: DeviceSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const beat = useWatched(beats, (all) => all.get(device.id));
  const playing = beat === undefined ? device.playing?.title : (beat.playing ?? undefined);
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
