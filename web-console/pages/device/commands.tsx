import { Button, Menu, Popover } from '@mantine/core';
import { IconBulb, IconChevronDown, IconDots, IconEar, IconPlayerStop, IconPower } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandState, DeviceDetail } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { useSounding } from '../../live/use-sounding.ts';
import { Shape, type ShapeName, type Tone } from '../../parts/mark.tsx';
import { Sure } from '../../parts/sure.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { useCommand } from './use-command.ts';

const signs: Record<CommandState['state'], { shape: ShapeName; tone: Tone }> = {
  issued: { shape: 'ring', tone: 'quiet' },
  received: { shape: 'half', tone: 'accent' },
  ready: { shape: 'half', tone: 'accent' },
  started: { shape: 'half', tone: 'good' },
  ended: { shape: 'full', tone: 'good' },
  rejected: { shape: 'cross', tone: 'bad' },
  expired: { shape: 'triangle', tone: 'warn' },
};
const FRESH_MS = 60_000;

/** What can be asked of the device now, and how far the last askings came. */
export function Commands({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('operator');
  const now = useNow(5_000);
  const command = useCommand(device.id);
  const commands = useQuery(ask('GET /devices/{id}/commands', { params: { id: device.id } }));
  const [rebooting, setRebooting] = useState(false);
  const last = commands.data?.[0];
  const playing = useSounding(device) !== undefined;
  const fresh = last !== undefined && now - last.updatedAt < FRESH_MS;
  return (
    <>
      <span className="command-last" role="status">
        {fresh && <Progress command={last} />}
      </span>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={18} />}
        disabled={!may || !playing}
        onClick={() => command.mutate({ v: 1, type: 'stop' })}
      >
        {t('device.stop')}
      </Button>
      {device.kind === 'speaker' && (
        <Button
          variant="default"
          leftSection={<IconEar size={18} />}
          disabled={!may}
          onClick={() => command.mutate({ v: 1, type: 'self-test' })}
        >
          {t('device.test')}
        </Button>
      )}
      <Popover position="bottom-end" shadow="md" width={360} withRoles trapFocus>
        <Popover.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} />}>
            {t('device.commands')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          {commands.data === undefined || commands.data.length === 0 ? (
            <p className="hint">{t('device.noCommands')}</p>
          ) : (
            <ol className="commands">
              {commands.data.slice(0, 10).map((item) => (
                <li key={item.id}>
                  <Progress command={item} />
                  <span className="dim num">{format.moment(item.issuedAt)}</span>
                </li>
              ))}
            </ol>
          )}
        </Popover.Dropdown>
      </Popover>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default" px={10} aria-label={t('device.moreCommands')} disabled={!may}>
            <IconDots size={20} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconBulb size={18} />}
            onClick={() => command.mutate({ v: 1, type: 'identify', seconds: 10 })}
          >
            {t('device.identify')}
          </Menu.Item>
          <Menu.Item leftSection={<IconPower size={18} />} color="red" onClick={() => setRebooting(true)}>
            {t('device.reboot')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {rebooting && (
        <Sure
          title={t('device.reboot')}
          text={t('device.rebootSure', { name: device.name })}
          no={t('action.cancel')}
          close={() => setRebooting(false)}
          act={() => {
            command.mutate({ v: 1, type: 'reboot' });
            setRebooting(false);
          }}
        />
      )}
    </>
  );
}

function Progress({ command }: { command: CommandState }) {
  const { t } = useTranslation();
  const reason = useReason();
  const heard = command.selfTest;
  const sign =
    heard !== null && !heard.ok ? ({ shape: 'cross', tone: 'bad' } as const) : signs[command.state];
  return (
    <span className="mark" data-tone={sign.tone}>
      <Shape {...sign} />
      {t(`command.${command.body.type}`)}:{' '}
      {heard === null
        ? t(`commandState.${command.state}`)
        : t(heard.ok ? 'selfTest.ok' : 'selfTest.failed').toLocaleLowerCase()}
      {command.reason !== null && ` (${reason(command.reason)})`}
    </span>
  );
}
