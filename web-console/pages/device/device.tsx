import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { beats } from '../../live/link.ts';
import { useWatched } from '../../live/store.ts';
import { Answered } from '../../parts/answer.tsx';
import { StatusMark } from '../../parts/mark.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useFormat } from '../../words/format.ts';
import { BoardNow } from './board/board-now.tsx';
import { BoardSettings } from './board/board-settings.tsx';
import { Pictures } from './board/pictures.tsx';
import { Commands } from './commands.tsx';
import { DayPlan } from './day/day-plan.tsx';
import { Controls } from './settings/controls.tsx';
import './device.css';
import { Heartbeats } from './heartbeats.tsx';
import { Inventory } from './inventory.tsx';
import { Ladder } from './ladder.tsx';
import { SelfTest } from './self-test.tsx';
import { Troubles } from './troubles.tsx';

const route = getRouteApi('/devices/$id');
/** A board that fell silent tells nothing, so it is asked for now and then. */
const BOARD_LOOK_MS = 20_000;

export function Device() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const format = useFormat();
  const device = useQuery(ask('GET /devices/{id}', { params: { id } }));
  const board = useQuery({
    ...ask('GET /boards/{id}', { params: { id } }),
    enabled: device.data?.kind === 'board',
    refetchInterval: BOARD_LOOK_MS,
  });
  const beat = useWatched(beats, (all) => all.get(id));
  return (
    <>
      <Anchor className="back" renderRoot={(props) => <Link to="/devices" {...props} />}>
        <IconArrowLeft size={18} aria-hidden /> {t('nav.devices')}
      </Anchor>
      <Answered of={device} rows={5} height={120}>
        {(data) => {
          const playing = beat === undefined ? data.playing !== null : beat.playing !== null;
          return (
            <>
              <PageHead
                title={data.name}
                note={
                  <span aria-live="polite" className="device-note">
                    <StatusMark status={data.status} playing={playing} />
                    <span>{t('devices.sinceWhen', { when: format.moment(data.statusSince) })}</span>
                    <span>
                      {t(`kind.${data.kind}`)} · {data.areaName ?? t('devices.noArea')}
                    </span>
                  </span>
                }
              >
                <Commands device={data} />
              </PageHead>
              {data.status !== 'online' && data.status !== 'unseen' && (
                <p className="device-help">
                  {t(`device.help.${data.status}`, {
                    when: format.moment(data.lastHeardAt ?? data.statusSince),
                  })}
                </p>
              )}
              <div className="device-page">
                {data.kind === 'board' ? <BoardNow of={board} /> : <Ladder device={data} />}
                <div className="device-columns">
                  <div className="device-column">
                    {data.kind === 'board' && <Pictures id={data.id} name={data.name} />}
                    <DayPlan device={data} />
                    <Heartbeats device={data} />
                    {data.kind === 'board' && <Record device={data} />}
                  </div>
                  <div className="device-column">
                    {data.kind === 'board' ? (
                      <BoardSettings key={data.id} device={data} />
                    ) : (
                      <Controls key={data.id} device={data} />
                    )}
                    {data.kind === 'speaker' && <SelfTest device={data} />}
                    {data.kind === 'speaker' && <Record device={data} />}
                  </div>
                </div>
              </div>
            </>
          );
        }}
      </Answered>
    </>
  );
}

/** What went wrong with it, and what stands of it in the books. */
function Record({ device }: { device: DeviceDetail }) {
  return (
    <>
      <Troubles device={device} />
      <Inventory key={`inventory ${device.id}`} device={device} />
    </>
  );
}
