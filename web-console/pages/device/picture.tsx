import { Button } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { addressOf } from '../../api/client.ts';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useCommand } from './use-command.ts';

/** What the board really shows, by its own picture. */
export function Picture({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const capture = useCommand(device.id);
  const button = (
    <Button
      variant="default"
      leftSection={<IconCamera size={18} />}
      loading={capture.isPending}
      onClick={() => capture.mutate({ v: 1, type: 'capture', seconds: 1 })}
    >
      {t('device.capture')}
    </Button>
  );
  return (
    <Section title={t('device.picture')} aside={device.picture !== null && button}>
      {device.picture === null ? (
        <Empty text={t('device.noPicture')}>{button}</Empty>
      ) : (
        <figure className="picture">
          <img
            src={addressOf('GET /evidence/{id}', { params: { id: device.picture.id } })}
            alt={t('device.pictureOf', { name: device.name, when: format.moment(device.picture.at) })}
          />
          <figcaption className="dim num">
            {t('device.takenAt', { when: format.moment(device.picture.at) })}
          </figcaption>
        </figure>
      )}
    </Section>
  );
}
